"""Founding templates: the categories and forums that a community begins with. All of it is data, changed later at will."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from folkmoot.forums.rules import NO_RULES, RuleSet
from folkmoot.site.founding import hobby, neighbourhood, political


class ForumPlan(NamedTuple):
    slug: str
    name: str
    purpose: str
    administrators_only: bool = False
    rules: RuleSet = NO_RULES


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    slug: str
    name: str
    forums: tuple[ForumPlan, ...]
    is_main: bool = False
    is_retired: bool = False


def _plan(
    rows: list[tuple[str, str, list[tuple[str, str, str]]]], rules: Mapping[str, RuleSet] = MappingProxyType({})
) -> tuple[CategoryPlan, ...]:
    """The first category is the main one; `announcements` is written by administrators only; `rules` by a forum's slug."""
    return tuple(
        CategoryPlan(
            slug, name, tuple(ForumPlan(s, n, p, s == "announcements", rules.get(s, NO_RULES)) for s, n, p in forums),
            is_main=i == 0, is_retired=slug == "retired",
        )
        for i, (slug, name, forums) in enumerate(rows)
    )  # fmt: skip


TEMPLATES = {
    "political": _plan(political.CATEGORIES, political.RULES),
    "neighbourhood": _plan(neighbourhood.CATEGORIES),
    "hobby": _plan(hobby.CATEGORIES),
    "blank": (),
}
