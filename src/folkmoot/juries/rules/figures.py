"""Figures about juries, so that nobody reads more into few cases than there is. Pure."""

import math
from collections.abc import Sequence
from typing import NamedTuple

FEW = 10
"""Of fewer than this nothing is shown: a cell could be a person."""

_Z = 1.96
"""95 % of a normal distribution lie within so many standard deviations."""


class Share(NamedTuple):
    """How many of how many, and between which shares the truth lies in 95 of 100 such samples (Wilson 1927); 0 to 1."""

    hits: int
    of: int
    low: float = 0.0
    high: float = 1.0

    @property
    def is_shown(self) -> bool:
        return self.of >= FEW

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0


def share(hits: int, of: int) -> Share:
    if not of:
        return Share(0, 0)
    p, z2 = hits / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    return Share(hits, of, max(middle - half, 0.0), min(middle + half, 1.0))


def quantile(values: Sequence[float], q: float) -> float | None:
    """The smallest value that at least this share of them does not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[max(math.ceil(q * len(ordered)), 1) - 1] if ordered else None


def by_chance(hidden: Share) -> float:
    """How often two juries agree that know nothing of one another, if each hides as often as all do."""
    return hidden.share**2 + (1 - hidden.share) ** 2


def chi_square(counts: Sequence[int]) -> float:
    """Of equal shares: how far these counts lie from what the lot would give on the average."""
    expected = sum(counts) / len(counts) if counts else 0
    return sum((count - expected) ** 2 / expected for count in counts) if expected else 0.0
