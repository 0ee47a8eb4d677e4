"""Thickness by sector: the grid of the macula (circles of 1, 3 and 6 mm) and the ring around the disc.

As somebody looking into the eye sees it: the nose is to the right of a right eye and to the left of a left one.
Clock hours stand where they stand on a clock, for both eyes.
"""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from markupsafe import Markup, escape

from cloud.web.notation import measured

Side = Literal["right", "left"]
WAYS = ("superior", "nasal", "inferior", "temporal")
ETDRS = ("center", *(f"inner_{way}" for way in WAYS), *(f"outer_{way}" for way in WAYS))
QUADRANTS = ("average", *WAYS)
CLOCK = tuple(f"h{hour}" for hour in range(1, 13))

OUTER, INNER, CENTRE = 96.0, 48.0, 16.0  # of 6, 3 and 1 mm
RING_OUTER, RING_INNER = 96.0, 46.0


def etdrs(values: Mapping[str, Decimal], side: Side, says: str) -> Markup:
    """The grid of the macula; sectors that were not measured stay empty."""
    return _drawn(says, side, [*_circles(OUTER, INNER, CENTRE), *_crosses(CENTRE, OUTER), *_grid(values, side)])


def quadrants(values: Mapping[str, Decimal], side: Side, says: str) -> Markup:
    """The ring around the disc in four parts, the average in the middle."""
    places = [(way, *_towards(way, side, (RING_OUTER + RING_INNER) / 2)) for way in WAYS]
    middle = _text(values.get("average"), 0, 0, "map-mean")
    texts = [_text(values.get(way), x, y) for way, x, y in places]
    return _drawn(says, side, [*_circles(RING_OUTER, RING_INNER), *_crosses(RING_INNER, RING_OUTER), *texts, middle])


def clock(values: Mapping[str, Decimal], side: Side, says: str) -> Markup:
    """The ring in twelve parts, each at its hour."""
    rays = [_ray(15 + 30 * hour, RING_INNER, RING_OUTER) for hour in range(12)]
    texts = [_hour(values.get(f"h{hour}"), hour) for hour in range(1, 13)]
    middle = _text(values.get("average"), 0, 0, "map-mean")
    return _drawn(says, side, [*_circles(RING_OUTER, RING_INNER), *rays, *texts, middle])


def _drawn(says: str, side: Side, parts: list[str]) -> Markup:
    nose, temple = ("N", "T") if side == "right" else ("T", "N")
    ends = f'<text class="map-end" x="110" y="4">{nose}</text><text class="map-end" x="-110" y="4">{temple}</text>'
    return Markup(
        '<svg class="map map-sectors" viewBox="-120 -104 240 208" role="img" aria-label="{}">{}</svg>'
    ).format(
        says,
        Markup("".join(parts) + ends),  # noqa: S704 our shapes and numbers
    )


def _grid(values: Mapping[str, Decimal], side: Side) -> Iterator[str]:
    yield _text(values.get("center"), 0, 0)
    for ring, radius in (("inner", (INNER + CENTRE) / 2), ("outer", (OUTER + INNER) / 2)):
        for way in WAYS:
            yield _text(values.get(f"{ring}_{way}"), *_towards(way, side, radius))


def _towards(way: str, side: Side, radius: float) -> tuple[float, float]:
    right = 1 if (way == "nasal") == (side == "right") else -1
    return {"superior": (0.0, -radius), "inferior": (0.0, radius)}.get(way, (right * radius, 0.0))


def _hour(value: Decimal | None, hour: int) -> str:
    angle, radius = math.radians(30 * hour), (RING_OUTER + RING_INNER) / 2
    return _text(value, math.sin(angle) * radius, -math.cos(angle) * radius)


def _circles(*radii: float) -> Iterator[str]:
    return (f'<circle class="map-line" r="{radius:g}"/>' for radius in radii)


def _crosses(inner: float, outer: float) -> Iterator[str]:
    return (_ray(angle, inner, outer) for angle in (45, 135, 225, 315))


def _ray(degrees: float, inner: float, outer: float) -> str:
    across, up = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    start, end = (f"{across * radius:.1f} {-up * radius:.1f}" for radius in (inner, outer))
    return f'<path class="map-line" d="M{start}L{end}"/>'


def _text(value: Decimal | None, x: float, y: float, name: str = "") -> str:
    told = measured(value)
    if told is None:
        return ""
    mark = f' class="{name}"' if name else ""
    return f'<text{mark} x="{x:.1f}" y="{y + 4:.1f}">{escape(told)}</text>'
