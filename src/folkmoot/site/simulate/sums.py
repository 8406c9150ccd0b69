"""What a simulated year comes to."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from folkmoot.juries.queries.figures import figures
from folkmoot.juries.queries.shown import shown
from folkmoot.juries.rules.figures import Share, share
from folkmoot.site.simulate.year import Told


def lines(told: Told, now: datetime) -> Iterator[str]:
    """First what /juries/figures/ shows, by the same query; then what a simulation alone can know."""
    for figure in shown(figures(now)):
        yield figure.title
        for line in figure.lines:
            yield _line(line.what, line.value, line.of, line.note)
        yield ""
    yield "What only a simulation knows"
    held = _of(told.held)
    among = f"by the lot {_mean(told.by_lot):.1%} among those who serve, {_mean(told.by_pool):.1%} if everybody did"
    yield _line("Juries in which the faction had seats enough to hide", _written(held), held.of, among)
    for what, hits in (
        ("Posts that broke nothing, hidden at the end", told.wronged),
        ("Posts that broke a standard, left at the end", told.missed),
    ):
        yield _line(what, _written(_of(hits)), len(hits), "appeals heard")
    yield _line("Alerts refused by the limits", str(told.refused_alerts), told.refused_alerts, "")


def _of(hits: Sequence[bool]) -> Share:
    return share(sum(hits), len(hits))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _written(one: Share) -> str:
    return f"{one.share:.1%} ({one.low:.1%} to {one.high:.1%})"


def _line(what: str, value: str, of: int, note: str) -> str:
    return f"  {what:<52}  {value:<24} {of:>7,}  {note}".rstrip()
