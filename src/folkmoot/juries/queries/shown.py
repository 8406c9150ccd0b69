"""The figures about juries as they are shown: each a heading, lines, and a picture of the lines that are shares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from folkmoot.juries.queries.figures import Figures
from folkmoot.juries.rules.figures import FEW, Share, Spread, is_shown

TOO_FEW = "too few to show"


class Line(NamedTuple):
    what: str
    one: Share | None = None
    number: float | None = None
    """What is no share: minutes, a chi-square, a count."""
    unit: str = ""
    of: int = 0
    expected: float | None = None
    """The share that chance alone would give."""
    note: str = ""

    @property
    def is_shown(self) -> bool:
        return is_shown(self.of)

    @property
    def value(self) -> str:
        if not self.is_shown:
            return TOO_FEW
        if self.one is not None:
            return f"{self.one.share:.0%} ({self.one.low:.0%} to {self.one.high:.0%})"
        return f"{self.number:,.{1 if self.unit == 'chi-square' else 0}f} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Figure:
    title: str
    lines: Sequence[Line]
    about: str = ""

    @property
    def bars(self) -> Sequence[Line]:
        """What its picture shows; nothing when all are too few."""
        bars = [line for line in self.lines if line.one is not None]
        return bars if any(line.is_shown for line in bars) else []


def shown(found: Figures) -> list[Figure]:
    half, most = found.minutes
    return [
        Figure("Verdicts", [
            Line("Alerts that were judged", number=found.alerts, of=found.alerts),
            Line("Verdicts", number=found.verdicts, of=found.verdicts, note="on posts; each case once, appeals apart"),
            _share("Hidden", found.hidden),
        ]),
        Figure("Hidden, month by month", [_share(month, one) for month, one in found.by_month]),
        Figure("Hidden, by the standard that was alleged", [
            _share(f"{number}. {title}", one) for number, title, one in found.by_standard
        ]),
        Figure("Hidden, by who had written it", [
            *(_share(f"Members for {words}", one) for words, one in found.by_tenure),
            _share("Star members", found.stars),
            _share("Members who are not", found.others),
        ], "No rule reads who paid, and no juror is told. It is counted so that you can see that."),
        Figure("Looked at twice", [
            _share("Appeals that changed the verdict", found.overturned),
            _share("Second juries that agreed with the first", found.agreed, found.agreed_by_chance),
            _share("Hidden in haste by an office, undone by a jury", found.reversed_haste),
            _share("Other acts of offices, undone by a jury", found.acts_undone),
        ], "On about one case in twenty, chosen by nobody, a second jury sits without effect."),
        Figure("Alerts", [
            _share("Alerts after which the post was hidden", found.upheld),
            *(_share(f"By members of whose alerts {words} did so", one) for words, one in found.by_record),
        ], "Members’ records are counted to the end of last month, of those who have alerted on three posts or more."),
        Figure("Time to a verdict", [
            Line("Half of the verdicts came within", number=half, unit="minutes", of=found.verdicts),
            Line("Nine of ten came within", number=most, unit="minutes", of=found.verdicts),
            *(_share(f"Within {hours} hour{'s' if hours > 1 else ''}", one) for hours, one in found.within),
        ]),
        Figure("Who was summoned", [
            _share("Declined", found.declined),
            _share("Gave no answer", found.silent),
        ]),
        Figure("How evenly the lot fell", [
            *(
                _share(f"Drawn first from tenth {number} of the pool", one, expected)
                for number, (one, expected) in enumerate(zip(found.first.shares, found.first.expected, strict=True), 1)
            ),
            _square("Whoever is drawn first", found.first),
            _square("As many as have seats", found.drawn),
        ], "A fair lot is as far from even as this, or farther, as often as the chance says. Very rarely means that something is "
           "wrong, whether it is too uneven or too even. It asks the lot alone, which no refusal can change, and says nothing "
           "about the honesty of whoever runs this site."),
    ]  # fmt: skip


def _share(what: str, one: Share, expected: float | None = None) -> Line:
    note = "" if expected is None else f"by chance alone {expected:.0%}"
    return Line(what, one, of=one.of, expected=expected, note=note)


def _square(what: str, one: Spread) -> Line:
    note = f"{one.degrees} degrees; chance {one.chance:.2f}"
    return Line(what, number=one.square, unit="chi-square", of=one.of, note=note)


CSV_HEAD = ("figure", "what", "value", "low", "high", "unit", "expected", "of", "note")


def table(found: Figures) -> Iterator[tuple[str, ...]]:
    """The same numbers for programs: shares, their range and what chance gives in percent. Few are as empty here as there."""
    for figure in shown(found):
        for line in figure.lines:
            numbers: Sequence[float | None] = (line.number, None, None)
            if line.one is not None:
                numbers = (100 * line.one.share, 100 * line.one.low, 100 * line.one.high)
            if not line.is_shown:
                numbers = (None, None, None)
            expected = None if line.expected is None or not line.is_shown else 100 * line.expected
            yield (
                figure.title, line.what, *map(_number, numbers), "%" if line.one is not None else line.unit, _number(expected),
                str(line.of) if line.is_shown else f"fewer than {FEW}", line.note if line.is_shown else TOO_FEW,
            )  # fmt: skip


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".removesuffix(".0")
