"""Figures about juries, so that nobody reads more into few cases than there is. Pure."""

import math
from collections.abc import Iterable, Sequence
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
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0


def is_shown(of: int) -> bool:
    return of >= FEW


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


TENTHS = 10


class Spread(NamedTuple):
    """Where in the pool the lot fell, by its tenths."""

    shares: Sequence[Share]
    expected: Sequence[float]
    square: float
    of: int
    degrees: int = TENTHS - 1

    @property
    def chance(self) -> float:
        return chance_of(self.square, self.degrees)


def spread(draws: Iterable[tuple[int, Sequence[int]]]) -> Spread:
    """Of draws, each the size of its pool and the places that were drawn from it, counted from 0.

    A pool seldom has ten equal tenths, so what is expected is counted, too. Nobody is drawn twice for a jury, which makes the
    places of one draw evener than chance: the square is scaled by (n - 1) / (n - places), as the draws have it on the average.
    """
    counts, expected, evener, drawn = [0] * TENTHS, [0.0] * TENTHS, 0.0, 0
    for n, places in draws:
        for place in places:
            counts[place * TENTHS // n] += 1
        for tenth in range(TENTHS):
            expected[tenth] += len(places) * (_first(tenth + 1, n) - _first(tenth, n)) / n
        evener += len(places) * (n - len(places)) / (n - 1) if n > 1 else 0
        drawn += len(places)
    square = sum((count - mean) ** 2 / mean for count, mean in zip(counts, expected, strict=True) if mean)
    return Spread(
        shares=[share(count, drawn) for count in counts], expected=[mean / drawn if drawn else 0.0 for mean in expected],
        square=square * drawn / evener if evener else 0.0, of=drawn,
    )  # fmt: skip


def _first(tenth: int, n: int) -> int:
    """The first place of a tenth in a pool of n."""
    return -(-tenth * n // TENTHS)


def chance_of(square: float, degrees: int) -> float:
    """How often a fair lot is at least as far from this chi-square's middle, on either side: too even is as odd as too uneven."""
    below = _gamma_below(degrees / 2, square / 2)
    return 2 * min(below, 1 - below)


def _gamma_below(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function, by its series (Abramowitz and Stegun 6.5.29)."""
    if x <= 0:
        return 0.0
    if x > a + 40 * math.sqrt(a) + 40:  # forty standard deviations away, where the series overflows
        return 1.0
    term = total = 1 / a
    n = a
    while term > total * 1e-15:
        n += 1
        term *= x / n
        total += term
    return min(total * math.exp(a * math.log(x) - x - math.lgamma(a)), 1.0)


def at_least(hits: int, *, drawn: int, marked: int, of: int) -> float:
    """How likely it is that so many of the `drawn` are marked, when `marked` of all are and nobody is drawn twice."""
    ways = math.comb(of, drawn)
    return sum(math.comb(marked, k) * math.comb(of - marked, drawn - k) for k in range(hits, drawn + 1)) / ways if ways else 0.0
