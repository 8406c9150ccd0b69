"""A hobby: people who make, collect or play the same thing."""

CATEGORIES: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    (
        "main",
        "Main Forums",
        [
            ("announcements", "Announcements", "News from the administrators about the site itself. Everybody may reply."),
            ("general-discussion", "General Discussion", "Everything about what brings us here."),
            ("beginners", "Beginners", "No question is too simple. Answer as you would have liked to be answered."),
            ("show-and-tell", "Show & Tell", "What you made, found or finished, and how."),
            ("lounge", "The Lounge", "Everything else."),
            ("community-help", "Community Help", "How this place works, asked and answered by members."),
        ],
    ),
    (
        "craft",
        "The Craft",
        [
            ("technique", "Technique", "How it is done, step by step."),
            ("tools", "Tools & Materials", "What to use, what to avoid, where to get it."),
            ("history", "History", "Where it comes from, with sources."),
        ],
    ),
    (
        "people",
        "People & Places",
        [
            ("meetings", "Meetings & Fairs", "Dates, places and who is going."),
            ("swap", "Swap", "Give and take between members. Agree in writing; the house takes no part."),
        ],
    ),
    ("retired", "Retired Forums", []),
]  # fmt: skip
