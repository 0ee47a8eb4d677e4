"""Where on the eye a point lies: zone, clock hour, region; the same rules as in ``js/drawing/places.js``.

Hours and quadrants are those the examiner sees; a point and its mirror image on the other eye always have the same
zone and region, and hours h and 12 − h.
"""

import math
from dataclasses import dataclass

from cloud.web.drawing.vocabulary import Canvas, Eye, Zone

THIRD = 1 / 3


@dataclass(frozen=True, slots=True)
class Position:
    """A place in words of the trade; what a canvas does not tell is None."""

    zone: Zone | None
    hour: int | None
    region: str | None
    distance: float


def position(canvas: Canvas, eye: Eye, x: float, y: float) -> Position:
    """The place of (x, y), as the examiner sees that eye; ``distance`` is from the middle, in radii."""
    side = canvas.side(eye)
    zone = zone_at(canvas, side * x, y)
    own = zone is not None and zone.own_clock
    east, north = (side * x - zone.x, y - zone.y) if zone and own else (side * x, y)
    centre = 0.0 if own else canvas.centre
    if canvas.place != "clock":
        return Position(zone, None, _third(canvas, east, north), math.hypot(x, y))
    if math.hypot(east, north) <= centre:
        return Position(zone, None, "central", math.hypot(x, y))
    return Position(zone, clock_hour(side * east, north), quadrant(east, north), math.hypot(x, y))


def zone_at(canvas: Canvas, x: float, y: float) -> Zone | None:
    """The first zone around a point of the right eye's diagram."""
    return next((zone for zone in canvas.zones if _inside(zone, x, y)), None)


def clock_hour(x: float, y: float) -> int:
    """1 to 12 as seen. Halfway between two hours it is the one nearer to 6, so that mirror images agree."""
    from_noon = math.degrees(math.atan2(abs(x), y))
    hours = math.floor(from_noon / 30 + 0.5 + 1e-9)
    return (hours if x >= 0 else 12 - hours) or 12


def quadrant(x: float, y: float) -> str:
    """Of a point of the right eye's diagram; the lines between belong to above and to the temple."""
    return ("supero" if y >= 0 else "infero") + ("nasal" if x > 0 else "temporal")


def _third(canvas: Canvas, x: float, y: float) -> str:
    if canvas.place == "height":
        return "upper" if y > THIRD else "lower" if y < -THIRD else "middle"
    return "nasal_third" if x > THIRD else "temporal_third" if x < -THIRD else "middle_third"


def _inside(zone: Zone, x: float, y: float) -> bool:
    if zone.box is None:
        return math.hypot(x - zone.x, y - zone.y) <= zone.r
    left, low, right, high = zone.box
    return left <= x <= right and low <= y <= high
