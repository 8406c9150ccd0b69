"""A political community: main forums, then issues, cultures, alliances, regions and support."""

from folkmoot.forums.rules import LINKED, NEWS

Rows = list[tuple[str, str, list[tuple[str, str, str]]]]

CATEGORIES: Rows = [
    (
        "main",
        "Main Forums",
        [
            ("announcements", "Announcements", "News from the administrators about the site itself. Everybody may reply."),
            ("breaking-news", "Latest Breaking News", "News of the last twelve hours from a named publication: its own headline, a link, at most four paragraphs of the article, then your view."),
            ("editorials", "Editorials & Other Articles", "Opinion, analysis and long reading from elsewhere, with a link, to be argued with."),
            ("general-discussion", "General Discussion", "Anything that matters to this community and has no better place: proposals, arguments, things seen in the street."),
            ("lounge", "The Lounge", "For the rest of life. No campaigning here; cats are welcome."),
            ("community-help", "Community Help", "How this place works, asked and answered by members."),
        ],
    ),
    (
        "issues",
        "Issue Forums",
        [
            ("economy", "Economy & Taxes", "Money, prices, budgets, taxes and who pays them."),
            ("education", "Education", "Schools and everything that is taught in them, from the first day to the last exam."),
            ("environment", "Environment & Energy", "Land, water, weather and what keeps the lights on."),
            ("foreign-affairs", "Foreign Affairs", "The world beyond the border and what our country does in it."),
            ("health", "Health Care", "Getting well, staying well and paying for it."),
            ("justice", "Justice & Civil Rights", "Courts, police, prisons, and the rights that hold when it is inconvenient."),
            ("elections", "Elections & Voting", "Campaigns, candidates, ballots and how they are counted."),
            ("housing-transit", "Housing & Transit", "Where people live and how they get from there to anywhere else."),
        ],
    ),
    (
        "culture",
        "Culture Forums",
        [
            ("books", "Books & Writing", "What you read, and what you are writing instead of reading."),
            ("kitchen-garden", "Kitchen & Garden", "From the seed to the plate, with quantities."),
            ("music-film", "Music & Film", "Things worth hearing and seeing, and where."),
            ("sports", "Sports & Games", "Teams, results, and games one can play in the park."),
            ("history", "History & Old Photographs", "How it came to be like this. Say where you know it from."),
        ],
    ),
    (
        "alliance",
        "Alliance Forums",
        [
            ("labor", "Labor & Unions", "For people who work, about work: contracts, safety, organising."),
            ("veterans", "Veterans", "For those who served and those who live with them."),
            ("parents", "Parents & Families", "For whoever is raising somebody."),
        ],
    ),
    (
        "region",
        "Region Forums",
        [
            ("big-cities", "Big Cities", "Politics and daily life where there are too many people for the pavement."),
            ("small-towns", "Small Towns", "Politics and daily life where everybody knows the car you drive."),
            ("countryside", "The Countryside", "Farms, forests, far roads and slow broadband."),
        ],
    ),
    (
        "support",
        "Support Forums",
        [
            ("looking-for-work", "Looking for Work", "Practical help and company while you search. No advertising."),
            ("caregiving", "Illness & Caregiving", "For the ill and for whoever looks after them. Listen first."),
            ("quitting", "Quitting Smoking & Drinking", "One day at a time, together. No lectures."),
        ],
    ),
    ("retired", "Retired Forums", []),
]  # fmt: skip

RULES = {"breaking-news": NEWS, "editorials": LINKED}
