"""Bar charts as SVG, by our own hand: a title and a description for those who do not see them, readable in the dark."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

_ROW, _LABELS, _BAR, _VALUES = 30, 330, 300, 90
_STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1d2430 } .title { font-weight: 600; font-size: 16px }
.back { fill: #fdfcf9 } .bar { fill: #2f5d8a }
@media (prefers-color-scheme: dark) { text { fill: #e8e6e0 } .back { fill: #16191f } .bar { fill: #7fb0dc } }
"""


def bars(title: str, says: str, rows: Sequence[tuple[str, float]], unit: str = "") -> str:
    """A row a bar. The description reads all figures out."""
    most = max((value for _, value in rows), default=0) or 1
    width, height = _LABELS + _BAR + _VALUES + 24, 52 + _ROW * len(rows)
    read = "; ".join(f"{label}: {_figure(value, unit)}" for label, value in rows)
    drawn = [
        f'<text x="{_LABELS}" y="{62 + _ROW * at}" text-anchor="end">{escape(label)}</text>'
        f'<rect class="bar" x="{_LABELS + 12}" y="{47 + _ROW * at}" width="{max(_BAR * value / most, 1):.1f}" height="20" rx="2"/>'
        f'<text x="{_LABELS + 20 + _BAR * value / most:.1f}" y="{62 + _ROW * at}">{_figure(value, unit)}</text>'
        for at, (label, value) in enumerate(rows)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="title desc">\n<title id="title">{escape(title)}</title>\n<desc id="desc">{escape(f"{says} {read}.")}</desc>\n'
        f'<style>{_STYLE}</style>\n<rect class="back" width="{width}" height="{height}" rx="6"/>\n'
        f'<text class="title" x="16" y="28">{escape(title)}</text>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _figure(value: float, unit: str) -> str:
    return (f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}") + (f" {unit}" if unit else "")
