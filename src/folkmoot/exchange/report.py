"""What an importer found and did."""

from collections import Counter
from dataclasses import dataclass, field

ODDITIES = {
    "line": "lines that are no post (left out)",
    "twin": "posts that came twice, word for word (left out)",
    "same id": "posts whose id another had already (kept under a new id)",
    "orphan": "replies to a post that is not here (they answer the opening post)",
    "cycle": "posts that answer each other in a circle (the earliest begins)",
    "headless": "threads without an opening post (the earliest post opens them)",
    "date": "dates that cannot be (before 1990, in the future, or unreadable; set to the nearest likely one)",
    "bytes": "lines that are not UTF-8 (read as Windows-1252)",
    "control": "texts with control characters (taken out)",
    "long": "subjects of more than 150 characters (shortened)",
    "empty": "posts without a text",
    "name": "names that had to change (letters, digits, . - _; no look-alikes)",
    "address": "old addresses longer than 400 characters (not kept)",
    "field": "values of fields that have no room yet (left out)",
}


@dataclass(slots=True)
class Report:
    posts: int = 0
    """In the source, after leaving out what came twice."""
    threads: int = 0
    forums: int = 0
    authors: int = 0
    new_posts: int = 0
    new_threads: int = 0
    largest: int = 0
    """Posts of the largest thread."""
    odd: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, oddity: str, example: str = "") -> None:
        self.odd[oddity] += 1
        seen = self.examples.setdefault(oddity, [])
        if example and len(seen) < 3:
            seen.append(example[:80])

    def lines(self) -> list[str]:
        """For the operator to read."""
        found = [
            f"{self.posts:,} posts in {self.threads:,} threads of {self.forums:,} forums, by {self.authors:,} authors;"
            f" the largest thread has {self.largest:,} posts",
        ]
        for oddity, sentence in ODDITIES.items():
            if self.odd[oddity]:
                examples = "; ".join(self.examples.get(oddity, []))
                found.append(f"  {self.odd[oddity]:>8,} {sentence}" + (f": {examples}" if examples else ""))
        return found
