"""Terms, privacy and contact, as a community begins with them. The administrators make them their own."""

TITLES = {"terms": "Terms", "privacy": "Privacy", "contact": "Contact"}

_TEXTS = {
    "terms": """These are the terms that every community begins with. The administrators change them as this one needs.

# What you write is yours
You keep every right in what you write. By posting you let this community show it here, to everybody, for as long as it stands, and hand it on with the community when it moves. You can edit your posts, withdraw an earlier wording, and delete a post: then its words are gone, and a mark with the time stays.

# What you answer for
You answer for what you post. Do not post what the law where this community lives forbids, what is not yours to give away, or what puts a person in danger: addresses, telephone numbers and photographs of people who did not ask for it.

{place}

# Who decides
What is good manners here stands in the [standards](/standards/). A post that may break one comes before a jury of members. What the law forbids is another thing: anybody can send a [notice](/legal/notice/), an administrator decides, the author is told why and can answer, and every step stands in the [ledger](/ledger/). No machine decides anything, and nothing is hidden by a score.

# What the house does
The house is run by volunteers. It is offered as it is, without a promise that it is always there. Administrators hide posts, lock threads and close accounts where they must; each time with a reason, which stands in public beside what they did.

# Leaving
You may stop at any time. Ask an administrator to close your account.
""",
    "privacy": """What this site keeps about you, all of it:

- **Your account**: the name that you chose, the day you joined, the day you last looked in, a password as a salted hash, and a mail address if you gave one. The address is never shown; it serves a forgotten password. If you set up a second step for signing in: its secret.
- **What you write and do in public**: posts and their earlier wordings, recommendations, and what is on your page.
- **What you do in confidence**: alerts, votes in a jury, whether you want to serve, whom you do not want to judge you. No page shows them to anybody else, but where a jury’s reasons are published without names.
- **Where you have read to**, if you are signed in, so that new posts can be marked; and how you like threads to open.
- **A cookie** that keeps you signed in, for up to 90 days, and one that protects forms. A visitor who only reads gets no cookie at all.
- **Your network, not your address**: with your session the first part of the address that it came from (IPv4 /24, IPv6 /56), until you sign out or 90 days after you were last here; and the same against limits on joining, signing in and notices, for a day at most. An administrator who looks at it, or at your mail address, gives a reason first; the ledger says that it was done, and you are told.
- **A notice that you send** about unlawful content, with the name and the mail address if you give them: these are erased half a year after the decision. The words of a post that is removed on legal grounds are kept apart as long, for you to contest it and for a court to ask.

No page loads anything from anybody else: no trackers, no strangers’ ads, no fonts from afar. Nothing is sold or handed on, but to a court or an authority that may demand it.

Backups hold all of this. They are kept for 35 days at most on the machine that serves; what you delete leaves them as they are replaced. *The administrators write here where else they keep copies, who rents the machine to them, and in which country it stands.*

To see what is kept about you, to have it corrected, or to have your account closed, write to the people named under [Contact](/contact/). You can complain to the authority for data protection where you live.
""",
    "contact": """This community is run by volunteers. For questions about how it works, ask in the forum for help; everybody there can answer.

For something unlawful, send a [notice](/legal/notice/): it gets a number, a date and an answer.

For what is not for everybody’s eyes (a lost account, something private that was posted, a question of an authority), write to an administrator. *The administrators have not written their address here yet: a name, a postal address where the law asks for one, and a mail address.*
""",
}

_PLACES = {
    "political": "Who holds an office or wants one may be judged here by what they did and said, hard and by name; their family, their home and their body are not the subject. Do not pass off as news what you know to be untrue, and do not post another’s article as a whole.",
    "neighbourhood": "Everybody here may meet tomorrow. Do not post who is away, where somebody’s children go to school, or the picture of a stranger whom you suspect of something: tell the police. What you sell or lend, you answer for.",
    "hobby": "Show your own work, or say whose it is. Do not post whole books, plans or records that are sold. Say what is dangerous about what you teach. What you sell, you answer for.",
}


def founding_text(slug: str, template: str) -> str:
    """A page as a community of this template begins with it."""
    return _TEXTS[slug].replace("{place}\n\n", f"{_PLACES[template]}\n\n" if template in _PLACES else "")
