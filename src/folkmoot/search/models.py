"""What the index holds, and what it does not hold yet. The words themselves are the engines' own tables."""

from collections.abc import Iterable, Sequence
from typing import Protocol, cast

from django.db import connection, models

from folkmoot.search import postgres, rules, sqlite


class Entry(models.Model):
    """A post in the index. The engines' migration makes the table; its other columns are theirs."""

    moment = models.BigIntegerField(primary_key=True)

    class Meta:
        managed = False
        db_table = "search_entry"

    def __str__(self) -> str:
        return str(self.moment)


class Gap(models.Model):
    """Posts, by their ids, that moved in or are to be read anew. The clock works from `last` down to `first`."""

    first = models.BigIntegerField()
    last = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class Built(models.Model):
    """Which normaliser the index was made with."""

    normaliser = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.normaliser)


class Engine(Protocol):
    def put(self, posts: Sequence[rules.Indexed]) -> None:
        """Index these posts, in place of what stands under their moments."""

    def drop(self, moments: Iterable[int]) -> None:
        """Forget what stands under these moments, if anything does."""

    def clear(self) -> None: ...

    def sweep(self) -> None:
        """Leave nothing of what was dropped in the index's own pages."""

    def newest(self, asked: rules.Asked, *, limit: int, now: int) -> list[int]:
        """The moments of the newest posts that answer, newest first."""

    def best(self, asked: rules.Asked, *, among: int, start: int, limit: int, now: int) -> tuple[list[int], int]:
        """Of the newest `among` hits those with the words in the subject first, then the most recommended, then the
        newest; and how many hits were ranked."""

    def troubles(self) -> list[str]:
        """What `folkmoot check` should say."""


def engine() -> Engine:
    return cast(Engine, sqlite if connection.vendor == "sqlite" else postgres)
