"""Founding templates: the categories and forums that a community begins with. All of it is data, changed later at will."""

from dataclasses import dataclass
from typing import NamedTuple

from folkmoot.site.founding import hobby, neighbourhood, political


class ForumPlan(NamedTuple):
    slug: str
    name: str
    purpose: str
    administrators_only: bool = False


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    slug: str
    name: str
    forums: tuple[ForumPlan, ...]
    is_main: bool = False
    is_retired: bool = False


def _plan(rows: list[tuple[str, str, list[tuple[str, str, str]]]]) -> tuple[CategoryPlan, ...]:
    """The first category is the main one; `announcements` is written by administrators only."""
    return tuple(
        CategoryPlan(
            slug, name, tuple(ForumPlan(s, n, p, s == "announcements") for s, n, p in forums),
            is_main=i == 0, is_retired=slug == "retired",
        )
        for i, (slug, name, forums) in enumerate(rows)
    )  # fmt: skip


TEMPLATES = {
    "political": _plan(political.CATEGORIES),
    "neighbourhood": _plan(neighbourhood.CATEGORIES),
    "hobby": _plan(hobby.CATEGORIES),
    "blank": (),
}
