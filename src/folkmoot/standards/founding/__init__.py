"""The standards that a community begins with: title, text, and why no vote can take it away (or nothing). Data, later at will."""

from collections.abc import Mapping, Sequence

Founding = Sequence[tuple[str, str, str]]

_SAFETY = (
    "Do not put anybody in danger",
    "No threats, no call to hurt anyone, no home address, workplace, telephone number or other private detail of a person who has not "
    "made it public, and no picture meant for one person’s eyes. If you fear for somebody’s life, call for help first and alert then.",
    "A member who is in danger cannot wait for a vote.",
)
_LAW = (
    "Stay within the law",
    "Nothing that it is a crime to publish where this community is at home: no fraud, no trade in what may not be sold, no sexual picture "
    "of a child, no work of others in full without their leave.",
    "Whoever keeps the machine answers for what is on it.",
)
_MONEY = (
    "Nobody buys a voice here",
    "What a member pays, gives or earns changes nothing about what they may say, how they are judged and how their posts are ordered. "
    "Whoever writes for pay, or for a campaign, says so.",
    "A community that sells power no longer belongs to its members.",
)
_WAY_OUT = (
    "What you wrote is yours",
    "Every member may take their own words away with them, take them back, and leave. Nobody is kept here by what they have written, "
    "and nobody posts another’s private messages or pretends to be somebody else.",
    "Without a way out there is no consent.",
)
_CIVIL = (
    "Argue with the post, not with the person",
    "Disagree as hard as you like with what was said. Name-calling, mockery of who somebody is, digging out old quarrels and following "
    "a member from thread to thread are attacks, not arguments.",
    "",
)
_BIGOTRY = (
    "No contempt for people for what they are",
    "No slurs and no claims that people are worth less for their origin, colour, faith or lack of it, sex, body, age, or whom they love. "
    "Criticism of an idea, a government or an institution is welcome; contempt for those who were born into it is not.",
    "",
)
_TRUTH = (
    "Do not deceive",
    "Do not present as fact what you know to be false, do not alter a quotation or a headline so that it says another thing, and mark "
    "satire and pictures made by machines as such. To be wrong is no breach; to stay silent about a correction that you saw is bad manners.",
    "",
)
_SPAM = (
    "No advertising, no flooding",
    "No selling, no links posted to be counted, no copy of one post in many places, no text by a machine in a person’s name. One thread on "
    "one thing, in the forum whose purpose it fits.",
    "",
)
_SPACE = (
    "Support forums are for support",
    "In the forums for those in grief, illness or recovery, nobody argues about whether somebody’s trouble is real, gives orders, or "
    "carries politics in. What is said there is not quoted elsewhere.",
    "",
)
_CAMPAIGN = (
    "Do not work against what this community is for",
    "Members share an aim and quarrel about the way. Arguing for a rival at the ballot, telling others not to vote, or writing here only "
    "to wear people down is work for the other side; criticism of our own people is not.",
    "",
)
_HELP = (
    "Be of use to whoever asks",
    "A beginner’s question is a good question. No contempt for what somebody does not know, no advice that you know to be dangerous "
    "without saying so, and no spoilers without a mark.",
    "",
)
_OFFICES = (
    "Offices serve, they do not rule",
    "Who holds an office acts openly, within what the office is for, with a reason that holds, and alike towards friend and opponent. Not "
    "out of a quarrel of their own, and not against an opinion because it is one.",
    "Whoever holds power over others answers to them.",
)

STANDARDS: Mapping[str, Founding] = {
    "political": (_SAFETY, _LAW, _CIVIL, _BIGOTRY, _CAMPAIGN, _TRUTH, _SPAM, _SPACE, _MONEY, _WAY_OUT, _OFFICES),
    "neighbourhood": (_SAFETY, _LAW, _CIVIL, _BIGOTRY, _TRUTH, _SPAM, _MONEY, _WAY_OUT, _OFFICES),
    "hobby": (_SAFETY, _LAW, _CIVIL, _BIGOTRY, _HELP, _SPAM, _MONEY, _WAY_OUT, _OFFICES),
    "blank": (_SAFETY, _LAW, _CIVIL, _SPAM, _MONEY, _WAY_OUT, _OFFICES),
}
