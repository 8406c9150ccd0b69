"""The text of the seeded board: sentences put together from our own word lists, the same for the same seed.

Posts are made of paragraphs out of a pool that is rendered once: at millions of posts, rendering each would be all the
time there is. Paragraphs of Markdown stand alone, so a post's HTML is its paragraphs' HTML, which a test asks.
"""

import random
from dataclasses import dataclass

from folkmoot.base import markup

RARE = "heronry"
"""The word that stands in a tenth of the posts, and nowhere else: what the benchmark searches for."""

_WHO = (
    "the council", "my neighbour", "the ferry office", "the school board", "a friend at the depot", "the mayor's clerk",
    "our choir", "the water company", "the librarian", "a driver I know", "the tenants' union", "the night shift",
    "the market hall", "the bus company", "my sister", "the allotment club", "the old paper", "everybody on our street",
)  # fmt: skip
_DID = (
    "promised", "measured", "counted", "repaired", "forgot", "painted", "postponed", "sold", "defended", "explained",
    "voted on", "walked past", "photographed", "budgeted for", "argued over", "closed", "reopened", "planned",
)  # fmt: skip
_WHAT = (
    "the bridge", "the north platform", "forty new lamps", "the swimming baths", "a second crossing", "the winter timetable",
    "the library roof", "the river wall", "the recycling yard", "two thousand ballots", "the hospital lane", "the town clock",
    "the tram shelter", "the rent table", "the playing field", "the harbour fence", "a cycle lane", "the flood map",
)  # fmt: skip
_WHEN = (
    "last Tuesday", "before the election", "in the rain", "twice this year", "without a word to anyone", "after the hearing",
    "at half past six", "when the snow came", "for the third time", "during the strike", "since the fire", "in one afternoon",
)  # fmt: skip
_BUT = (
    "and nobody asked who pays", "which is more than I expected", "but the figures do not add up", "so I went to look myself",
    "and I still have the receipt", "though the minutes say otherwise", "because the grant runs out", "and the dog agrees",
    "which the paper left out", "so let us vote on it", "but ask the people who live there", "and that is the whole story",
)  # fmt: skip
_ASIDE = (
    "I may be wrong about the date.", "Correct me if you were there.", "That is *one* street out of ninety.",
    "Read the **second** page of the report.", "I would rather pay for that than for a fence.", "Nobody has said who decides.",
    "We had this in the spring as well.", "My vote hangs on it.", "See [the minutes](https://town.example/minutes).",
    "Both sides have a point here.", "It works in the next town.", "Somebody has to write it down.",
)  # fmt: skip
_RARE = (
    f"Behind it all lies the {RARE}, and the path that floods.", f"They would build up to the {RARE} if they could.",
    f"Walk to the {RARE} at dawn and tell me again that nothing lives there.",
)  # fmt: skip
_FIRST = (
    "Alma", "Boris", "Clara", "Dov", "Edda", "Faruk", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Leon", "Mara", "Noor", "Otto",
    "Petra", "Quinn", "Rosa", "Sven", "Thea",
)  # fmt: skip
_LAST = ("Ash", "Brook", "Clay", "Dale", "Elm", "Ford", "Gale", "Heath", "Marsh", "Reed")


def name_of(member: int) -> str:
    """The name of the seeded member with this number, from 0."""
    turn, within = divmod(member, len(_FIRST) * len(_LAST))
    return f"{_FIRST[within % len(_FIRST)]}.{_LAST[within // len(_FIRST)]}" + (f".{turn}" if turn else "")


@dataclass(frozen=True, slots=True)
class Paragraph:
    source: str
    html: str


@dataclass(frozen=True, slots=True)
class Words:
    """The pools that posts are made of."""

    plain: tuple[Paragraph, ...]
    rare: tuple[Paragraph, ...]
    subjects: tuple[str, ...]

    def post(self, at: int, chance: random.Random) -> tuple[str, str]:
        """Source and HTML of the post with this running number; every tenth has the rare word."""
        pool = self.rare if at % 10 == 3 else self.plain
        number = int(chance.random() * (1 << 40))
        first, second, third = (
            pool[number % len(pool)], self.plain[(number >> 12) % len(self.plain)], self.plain[(number >> 24) % len(self.plain)],
        )  # fmt: skip
        return (f"{first.source}\n\n{second.source}\n\n{third.source}", f"{first.html}{second.html}{third.html}")


def words(size: int = 2000, seed: int = 1848) -> Words:
    chance = random.Random(seed)
    plain = tuple(_paragraph(chance, quotes=i % 9 == 4) for i in range(size))
    rare = tuple(_paragraph(chance, rare=True) for _ in range(max(size // 10, 3)))
    subjects = tuple(_subject(chance) for _ in range(size))
    return Words(plain, rare, subjects)


def _paragraph(chance: random.Random, *, quotes: bool = False, rare: bool = False) -> Paragraph:
    sentences = [_sentence(chance), chance.choice(_RARE) if rare else chance.choice(_ASIDE)]
    while len(" ".join(sentences)) < 175:
        sentences.append(_sentence(chance))
    source = ("> " if quotes else "") + " ".join(sentences)
    return Paragraph(source, markup.render(source))


def _sentence(chance: random.Random) -> str:
    said = f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)} {chance.choice(_WHEN)}, {chance.choice(_BUT)}."
    return said[0].upper() + said[1:]


def _subject(chance: random.Random) -> str:
    said = f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)}"
    return said[0].upper() + said[1:] + chance.choice(("", "", "?", ", again", f" {chance.choice(_WHEN)}"))
