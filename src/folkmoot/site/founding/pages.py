"""Terms, privacy and contact, as a community begins with them. The administrators make them their own."""

TITLES = {"terms": "Terms", "privacy": "Privacy", "contact": "Contact"}

TEXTS = {
    "terms": """These are the terms that every community begins with. The administrators change them as this one needs.

# What you write is yours
You keep every right in what you write. By posting you let this community show it here, to everybody, for as long as it stands, and hand it on with the community when it moves. You can edit your posts, withdraw an earlier wording, and delete a post: then its words are gone, and a mark with the time stays.

# What you answer for
You answer for what you post. Do not post what the law where this community lives forbids, what is not yours to give away, or what puts a person in danger: addresses, telephone numbers and photographs of people who did not ask for it.

# What the house does
The house is run by volunteers. It is offered as it is, without a promise that it is always there. Administrators hide posts, lock threads and close accounts where they must; each time with a reason, which stands in public beside what they did.

# Leaving
You may stop at any time. Ask an administrator to close your account.
""",
    "privacy": """What this site keeps about you, all of it:

- **Your account**: the name that you chose, the day you joined, a password as a salted hash, and a mail address if you gave one. The address is never shown; it serves a forgotten password.
- **What you write and do in public**: posts and their earlier wordings, recommendations, and what is on your page.
- **Where you have read to**, if you are signed in, so that new posts can be marked; and how you like threads to open.
- **A cookie** that keeps you signed in, for up to 90 days, and one that protects forms. A visitor who only reads gets no cookie at all.
- **Your network, for a short while**: the first part of your address is counted against limits on joining and signing in, for a day at most.

No page loads anything from anybody else: no trackers, no strangers’ ads, no fonts from afar.

Backups are kept for some days; what you delete leaves them as they are replaced. To see what is kept about you, or to have your account closed, write to the people named under Contact.
""",
    "contact": """This community is run by volunteers. For questions about how it works, ask in the forum for help; everybody there can answer.

For what is not for everybody’s eyes (a lost account, something unlawful, something private that was posted), write to an administrator. *The administrators have not written their address here yet.*
""",
}
