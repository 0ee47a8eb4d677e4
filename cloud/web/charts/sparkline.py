"""A line as small as a word, for dense pages: the last few values of each eye on one scale."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 96, 24, 4


def sparkline(right: Sequence[Decimal | None], left: Sequence[Decimal | None], says: str, last: int = 8) -> Markup:
    """SVG of 96 by 24 units: right solid, left dashed; a missing value is a gap. ``says`` is for who cannot see it."""
    eyes = [("R", list(right)[-last:]), ("L", list(left)[-last:])]
    known = [value for _eye, values in eyes for value in values if value is not None]
    if not known:
        return Markup('<span class="spark-none" role="img" aria-label="{}">–</span>').format(says)
    lines = Markup().join(_eye(eye, values, min(known), max(known)) for eye, values in eyes)
    return Markup('<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, says, lines
    )


def _eye(eye: str, values: Sequence[Decimal | None], low: Decimal, high: Decimal) -> Markup:
    places = [_place(at, len(values), value, low, high) for at, value in enumerate(values)]
    path = "".join(f"{'M' if at == 0 or not places[at - 1] else 'L'}{one}" for at, one in enumerate(places) if one)
    if not path:
        return Markup()
    end = next(one for one in reversed(places) if one)
    return Markup('<g class="spark-{}"><path d="{}"/><circle r="2" transform="translate({})"/></g>').format(
        eye, path, end
    )


def _place(at: int, many: int, value: Decimal | None, low: Decimal, high: Decimal) -> str:
    if value is None:
        return ""
    across = WIDTH / 2 if many == 1 else EDGE + at * (WIDTH - 2 * EDGE) / (many - 1)
    part = float((value - low) / (high - low)) if high > low else 0.5
    return f"{across:.1f} {HEIGHT - EDGE - part * (HEIGHT - 2 * EDGE):.1f}"
