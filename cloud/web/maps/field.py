"""A visual field as the patient sees it: x to the right and y upwards in degrees, a number at every tested place.

The blind spot is drawn on the side of the eye's temple, where it is expected (about 15 degrees out, a little below the
middle), not where it was found. A stimulus not seen at its brightest is "<0", which is less than nothing and no zero.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from markupsafe import Markup, escape

from cloud.web import notation
from protocols.readings import FieldPoint

Looked = Literal["sensitivity", "total", "pattern"]
Side = Literal["right", "left"]

CELL = 30  # units between two neighbouring places
USUAL = Decimal(6)  # degrees between them in most patterns
BLIND_X, BLIND_Y, BLIND_WIDTH, BLIND_HEIGHT = 15.5, -1.5, 5.5, 7.5
NOT_SEEN = "<0"
# Probabilities in percent as perimeters print them, the rarest last; below each stands a denser sign.
STEPS = (Decimal(5), Decimal(2), Decimal(1), Decimal("0.5"))
SIGNS = (
    '<path class="map-dot" d="M-4 -1h2v2h-2zM2 -1h2v2h-2z"/>',
    '<path class="map-thin" d="M-5 -4h10v8h-10zM-5 0h10M0 -4v8"/>',
    '<path class="map-thin" d="M-5 -4h10v8h-10zM-5 -1.3h10M-5 1.3h10M-2.5 -4v8M0 -4v8M2.5 -4v8"/>',
    '<path class="map-full" d="M-5 -4h10v8h-10z"/>',
)


def field(points: Sequence[FieldPoint], looked: Looked, side: Side, says: str) -> Markup:
    """SVG of one eye's field; ``says`` is what it is, for those who do not see it."""
    scale = CELL / float(spacing(points))
    reach = max([abs(float(one)) for point in points for one in (point.x, point.y)], default=27.0) * scale + CELL
    inside = "".join(_parts(points, looked, side, scale, reach))
    box = f"{-reach:.1f} {-reach:.1f} {2 * reach:.1f} {2 * reach:.1f}"
    return Markup('<svg class="map map-field" viewBox="{}" role="img" aria-label="{}">{}</svg>').format(
        box,
        says,
        Markup(inside),  # noqa: S704 our shapes and numbers; every text in it is escaped where it enters
    )


def spacing(points: Sequence[FieldPoint]) -> Decimal:
    """Degrees between neighbouring places: the least distance within a row or a column."""
    gaps = [*_gaps(points, lambda p: (p.y, p.x)), *_gaps(points, lambda p: (p.x, p.y))]
    return min(gaps, default=USUAL)


def _gaps(points: Sequence[FieldPoint], key: Callable[[FieldPoint], tuple[Decimal, Decimal]]) -> Iterator[Decimal]:
    for (row, one), (same, other) in pairwise(sorted({key(point) for point in points})):
        if row == same:
            yield other - one


def _parts(points: Sequence[FieldPoint], looked: Looked, side: Side, scale: float, reach: float) -> Iterator[str]:
    yield f'<path class="map-axis" d="M{-reach:.1f} 0H{reach:.1f}M0 {-reach:.1f}V{reach:.1f}"/>'
    blind = BLIND_X * (1 if side == "right" else -1) * scale
    if abs(blind) < reach:
        yield (
            f'<ellipse class="map-blind" cx="{blind:.1f}" cy="{-BLIND_Y * scale:.1f}" '
            f'rx="{BLIND_WIDTH / 2 * scale:.1f}" ry="{BLIND_HEIGHT / 2 * scale:.1f}"/>'
        )
    for point in points:
        told = said(point, looked)
        if told is not None:
            x, y = float(point.x) * scale, -float(point.y) * scale
            yield f'<g transform="translate({x:.1f} {y:.1f})">{_place(point, looked, told)}</g>'


def _place(point: FieldPoint, looked: Looked, told: str) -> str:
    words = f'<text y="{4 if looked == "sensitivity" else -2}">{escape(told)}</text>'
    sign = "" if looked == "sensitivity" else sign_of(chance(point, looked))
    return words + (f'<g transform="translate(0 5)">{sign}</g>' if sign else "")


def said(point: FieldPoint, looked: Looked) -> str | None:
    """What stands at a place; None where nothing was measured."""
    if looked == "sensitivity":
        return NOT_SEEN if point.db is None and point.seen is False else notation.measured(point.db)
    return notation.measured(point.total_deviation_db if looked == "total" else point.pattern_deviation_db)


def chance(point: FieldPoint, looked: Looked) -> Decimal | None:
    """How probable such a deviation is in a healthy eye, in percent, as the perimeter says."""
    return point.total_deviation_p if looked == "total" else point.pattern_deviation_p


def sign_of(percent: Decimal | None) -> str:
    """The sign of the lowest step that holds; nothing above the highest."""
    held = [sign for step, sign in zip(STEPS, SIGNS, strict=True) if percent is not None and percent <= step]
    return held[-1] if held else ""


def signs() -> list[tuple[Markup, str]]:
    """Each sign with what it means."""
    return [
        (
            Markup('<svg class="map-sign" viewBox="-7 -6 14 12" aria-hidden="true">{}</svg>').format(
                Markup(sign)  # noqa: S704 one of ours
            ),
            f"p ≤ {step:f}%",
        )
        for step, sign in zip(STEPS, SIGNS, strict=True)
    ]
