"""A neighbourhood: one street or one small town."""

CATEGORIES: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    (
        "main",
        "Main Forums",
        [
            ("announcements", "Announcements", "News from the administrators about the site itself. Everybody may reply."),
            ("local-news", "Local News", "What happened here, with a source where there is one."),
            ("general-discussion", "General Discussion", "Anything that concerns the neighbourhood."),
            ("lounge", "The Bench", "For sitting down a while. No business, no campaigning."),
            ("community-help", "Community Help", "How this place works, asked and answered by members."),
        ],
    ),
    (
        "together",
        "Doing Things Together",
        [
            ("lend-and-borrow", "Lend & Borrow", "Ladders, drills, cake tins. Nothing is sold here."),
            ("lost-and-found", "Lost & Found", "Keys, cats, single gloves. Say where and when."),
            ("events", "Events", "What is on, with date, place and who to ask."),
            ("trades", "Who Can Mend It?", "Tradespeople that neighbours would call again, and why."),
        ],
    ),
    (
        "public",
        "Public Matters",
        [
            ("streets", "Streets & Traffic", "Parking, crossings, lights, potholes."),
            ("green", "Parks & Green", "Trees, playgrounds, benches and who waters them."),
            ("schools", "Schools & Children", "From the crèche to the last bell."),
            ("council", "The Council", "What is decided, when, and how to be heard."),
        ],
    ),
    ("retired", "Retired Forums", []),
]  # fmt: skip
