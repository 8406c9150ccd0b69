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
    "moved": "threads that left a mark where they were moved from (its address leads to the thread)",
    "closed": "forums whose reading was not open to everybody (left out with their threads; --closed-forums takes them in)",
    "rights": "dumps without the tables of rights: every forum without a password is taken to be open to everybody",
    "link": "forums that were only a link (left out)",
    "locked": "forums in which nobody could post (here only administrators start threads in them)",
    "ban": "bans that end one day (they are lifted by hand here)",
    "bot": "accounts of robots (left out)",
    "large": "texts of more than 100,000 bytes (kept without their marks)",
    "file": "attachments whose file is not at hand (left out; run again with --files)",
    "dump": "places of the dump that could not be read (passed over)",
    "row": "rows of the dump that do not fit their table (left out)",
    "stray": "posts of threads that the dump does not hold (left out)",
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
    members: int = 0
    """With those who wrote nothing."""
    edited: int = 0
    files: int = 0
    new_files: int = 0
    extras: Counter[str] = field(default_factory=Counter)
    """By kind."""
    states: Counter[str] = field(default_factory=Counter)
    """Posts by their state on the old board."""
    odd: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, oddity: str, example: str = "") -> None:
        self.odd[oddity] += 1
        seen = self.examples.setdefault(oddity, [])
        if example and len(seen) < 3:
            # Strangers' words go to a terminal: nothing that it would obey.
            seen.append("".join(sign if sign.isprintable() else "\ufffd" for sign in example[:80]))

    def _more(self) -> list[str]:
        told = {
            "accounts and names": self.members, "posts edited": self.edited, "posts hidden": self.states["hidden"],
            "posts deleted by their authors": self.states["deleted"], "posts waiting to be let in": self.states["pending"],
            "attachments": self.files,
        }  # fmt: skip
        lines = [f"  {count:>8,} {what}" for what, count in told.items() if count]
        return lines + [f"  {count:>8,} kept for a later room: {kind}" for kind, count in sorted(self.extras.items())]

    def lines(self) -> list[str]:
        """For the operator to read."""
        found = [
            f"{self.posts:,} posts in {self.threads:,} threads of {self.forums:,} forums, by {self.authors:,} authors;"
            f" the largest thread has {self.largest:,} posts",
        ]
        found += self._more()
        for oddity, sentence in ODDITIES.items():
            if self.odd[oddity]:
                examples = "; ".join(self.examples.get(oddity, []))
                found.append(f"  {self.odd[oddity]:>8,} {sentence}" + (f": {examples}" if examples else ""))
        return found
