"""A map without tiles: the outlines of countries and dots upon them, on Mercator's projection. Pure but for one file.

Places are drawn to the pixel and never measured on, so plain floats will do here.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

# world-atlas (ISC), made of Natural Earth (public domain); put in place by deploy.assets
FILE = Path(__file__).parents[1] / "web" / "static" / "vendor" / "countries.json"
WIDTH, HEIGHT = 960, 600
POLE = 80.0  # where the map ends
LEAST = 1.2  # degrees: nearer than that the outlines say nothing
NEAR = 1e-6  # degrees that are lost in rounding
REACH = 26  # pixels within which dots become one
WORST = ("danger", "warning", "none", "good")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class View:
    """What part of the projected world is shown: degrees of longitude, and the same unit upwards."""

    left: float
    top: float
    span: float

    def at(self, x: float, y: float) -> Point:
        """A projected point in pixels."""
        return (x - self.left) * WIDTH / self.span, (self.top - y) * WIDTH / self.span

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.left, self.top - self.span * HEIGHT / WIDTH, self.left + self.span, self.top

    @property
    def degrees(self) -> "Box":
        """South, west, north, east: whatever stands in sight stands within."""
        left, bottom, right, top = self.box
        return _latitude(bottom) - NEAR, left - NEAR, _latitude(top) + NEAR, right + NEAR


@dataclass(frozen=True, slots=True)
class Spot:
    """A store on the map: its id, where, how it is (good, warning, danger, none), and what it is called."""

    id: int
    latitude: float
    longitude: float
    state: str
    name: str = ""


@dataclass(slots=True)
class Dot:
    """Stores too near to each other to be told apart; ``state`` is that of the worst."""

    x: float
    y: float
    spots: list[Spot] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The worst state among them."""
        return min((one.state for one in self.spots), key=WORST.index)

    @property
    def radius(self) -> float:
        """In pixels; grows with the number of digits."""
        return 7.0 if len(self.spots) == 1 else 9.0 + 2.5 * len(str(len(self.spots)))


def project(latitude: float, longitude: float) -> Point:
    """Mercator, in degrees of longitude."""
    held = max(-POLE, min(POLE, latitude))
    return longitude, math.degrees(math.log(math.tan(math.pi / 4 + math.radians(held) / 2)))


def _latitude(y: float) -> float:
    """What was projected to ``y``; what lies beyond the end of the map is drawn upon it, so there it is the pole."""
    found = math.degrees(2 * math.atan(math.exp(math.radians(y)))) - 90
    return math.copysign(90.0, found) if abs(found) > POLE - NEAR else found


def around(spots: Sequence[Spot]) -> View:
    """The part of the world that holds all of them, with room around."""
    points = [project(one.latitude, one.longitude) for one in spots]
    if not points:
        return View(-180.0, project(POLE, 0)[1], 360.0)
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    span = max((right - left) * 1.25, (top - bottom) * 1.25 * WIDTH / HEIGHT, LEAST)
    span = min(span, 720.0)
    return View((left + right - span) / 2, (bottom + top + span * HEIGHT / WIDTH) / 2, span)


def dots(spots: Iterable[Spot], view: View) -> list[Dot]:
    """The stores in sight, those within reach of each other as one; the northernmost first."""
    found: dict[tuple[int, int], Dot] = {}
    for one in spots:
        x, y = view.at(*project(one.latitude, one.longitude))
        if 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
            _near(found, x, y).spots.append(one)
    return sorted(found.values(), key=lambda dot: (dot.y, dot.x))


def _near(found: dict[tuple[int, int], Dot], x: float, y: float) -> Dot:
    column, row = int(x // REACH), int(y // REACH)
    for cell in ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
        dot = found.get(cell)
        if dot is not None and math.hypot(dot.x - x, dot.y - y) < REACH:
            return dot
    return found.setdefault((column, row), Dot(x, y))


@lru_cache(128)
def outline(view: View) -> str:
    """The countries in sight as the ``d`` of an SVG path, to the half pixel."""
    left, bottom, right, top = view.box
    drawn = []
    for (west, south, east, north), ring in rings():
        if west <= right and east >= left and south <= top and north >= bottom:
            drawn.append(_path(view.at(x, y) for x, y in ring))
    return "".join(drawn)


def _path(points: Iterator[Point]) -> str:
    kept: list[tuple[int, int]] = []
    for x, y in points:
        # far outside the sheet the exact course does not matter
        place = round(max(-200.0, min(WIDTH + 200.0, x)) * 2), round(max(-200.0, min(HEIGHT + 200.0, y)) * 2)
        if not kept or place != kept[-1]:
            kept.append(place)
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{x / 2:g} {y / 2:g}" for x, y in kept) + "Z"


Box = tuple[float, float, float, float]


@cache
def rings() -> list[tuple[Box, list[Point]]]:
    """Every ring of every country, projected, with the box that holds it."""
    world: Any = msgspec.json.decode(FILE.read_bytes())
    arcs = [_arc(arc, world["transform"]) for arc in world["arcs"]]
    found = []
    for country in world["objects"]["countries"]["geometries"]:
        parts = {"Polygon": [country["arcs"]], "MultiPolygon": country["arcs"]}[country["type"]]
        found += [_ring(ring, arcs) for part in parts for ring in part]
    return [(_box(ring), ring) for ring in found]


def _arc(arc: Sequence[Sequence[int]], transform: Any) -> list[Point]:
    (wide, high), (east, north) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for right, up in arc:
        x, y = x + right, y + up
        points.append(project(y * high + north, x * wide + east))
    return points


def _ring(numbers: Sequence[int], arcs: Sequence[list[Point]]) -> list[Point]:
    """A negative number is an arc walked backwards; each begins where the last one ended."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _box(ring: Sequence[Point]) -> Box:
    across, up = [x for x, _ in ring], [y for _, y in ring]
    return min(across), min(up), max(across), max(up)
