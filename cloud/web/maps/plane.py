"""Two figures of one eye against each other, one mark for each measurement: pressures over corneal thickness."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup, escape

from cloud.web.charts.picture import LEFT_MARKS, number
from cloud.web.charts.scales import Extent, extent

WIDTH, HEIGHT = 360, 260
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 28, 40
ROOM = (Decimal(5), Decimal(1))  # around what was measured, across and up
MARKS = ('<circle class="full" r="4"/>', '<path class="hollow" d="M-3.800 -3.800h7.600v7.600h-7.600z"/>', LEFT_MARKS[0])


class Spot(NamedTuple):
    """One measurement; ``kind`` is the place of its mark among MARKS, ``says`` what it is in words."""

    across: Decimal
    up: Decimal
    kind: int
    says: str


def plane(spots: Sequence[Spot], across: str, up: str, eye: str, says: str) -> Markup:
    """SVG of 360 by 260 units; ``eye`` is R or L, ``across`` and ``up`` name the axes with their units."""
    wide, high = _around([one.across for one in spots], ROOM[0]), _around([one.up for one in spots], ROOM[1])
    parts = "".join([*_grid(wide, high), *_names(across, up), *(_spot(one, wide, high) for one in spots)])
    return Markup('<svg class="map map-plane chart-{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        eye,
        WIDTH,
        HEIGHT,
        says,
        Markup(parts),  # noqa: S704 our shapes and numbers; every word in it is escaped where it enters
    )


def sample(kind: int, eye: str) -> Markup:
    """The mark of a kind, for a legend."""
    return Markup('<svg class="map-sign chart-{}" viewBox="-7 -6 14 12" aria-hidden="true">{}</svg>').format(
        eye,
        Markup(MARKS[kind]),  # noqa: S704 one of ours
    )


def _around(values: Sequence[Decimal], room: Decimal) -> Extent:
    return extent([min(values) - room, max(values) + room])


def _x(value: Decimal, wide: Extent) -> float:
    return round(LEFT + wide.part(value) * (WIDTH - LEFT - RIGHT), 1)


def _y(value: Decimal, high: Extent) -> float:
    return round(HEIGHT - BOTTOM - high.part(value) * (HEIGHT - TOP - BOTTOM), 1)


def _grid(wide: Extent, high: Extent) -> Iterator[str]:
    for tick in high.ticks:
        y = _y(tick, high)
        yield f'<path class="map-axis" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
        yield f'<text class="map-tick" x="{LEFT - 16}" y="{y + 4}">{number(tick)}</text>'
    for tick in wide.ticks:
        x = _x(tick, wide)
        yield f'<path class="map-line" d="M{x} {HEIGHT - BOTTOM}v4"/>'
        yield f'<text class="map-tick" x="{x}" y="{HEIGHT - BOTTOM + 17}">{number(tick)}</text>'
    yield f'<path class="map-line" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'


def _names(across: str, up: str) -> Iterator[str]:
    yield f'<text class="map-name" x="{(WIDTH + LEFT) / 2}" y="{HEIGHT - 6}">{escape(across)}</text>'
    yield f'<text class="map-name map-start" x="4" y="11">{escape(up)}</text>'


def _spot(one: Spot, wide: Extent, high: Extent) -> str:
    where = f"{_x(one.across, wide)} {_y(one.up, high)}"
    return f'<g transform="translate({where})">{MARKS[one.kind]}<title>{escape(one.says)}</title></g>'
