"""Thickness of the nerve fibre layer along a circle around the disc, in micrometres.

Computed here from the file's own segmentation: |third line - first line| x the height of a pixel. The circle runs from
its start by the temporal, superior, nasal and inferior side, which is clockwise on a picture of a right eye and
counterclockwise on one of a left: this order is the maker's display, not a field of the file, so it is only believed
where the circle starts on the temporal side of its centre. The average needs no direction.
"""

import math
import struct
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from protocols.heyex_vol.head import INVALID, Head, Scan

INNER, OUTER = 0, 2  # inner limiting membrane, end of the nerve fibre layer
STEP = Decimal("0.1")
ENOUGH = 0.9  # of a sector must have been found, or it has no value
DIRECTION = {"right": "clockwise", "left": "counterclockwise"}
# Degrees along the circle: 0 temporal, 90 superior, 180 nasal, 270 inferior.
SECTORS = {
    "temporal": (-45, 45),
    "superior": (45, 135),
    "nasal": (135, 225),
    "inferior": (225, 315),
    "temporal_superior": (45, 90),
    "nasal_superior": (90, 135),
    "nasal_inferior": (225, 270),
    "temporal_inferior": (270, 315),
}


class Circle(NamedTuple):
    """Thickness by sector with the average; ``start_deg`` is where the circle starts, if that can be believed."""

    rnfl_um: dict[str, Decimal]
    start_deg: float | None


def thickness(head: Head, scan: Scan, lines: Sequence[Sequence[float]]) -> Circle:
    """``lines`` are the segmentation, a depth in pixels for every column."""
    depths = [
        abs(outer - inner) * head.scale_z_mm * 1000 if _found(inner) and _found(outer) else None
        for inner, outer in zip(lines[INNER], lines[OUTER], strict=True)
    ]
    start = start_deg(head, scan)
    average = {"average": _mean(depths)}
    sectors = {} if start is None else {name: _mean(_within(depths, start, *span)) for name, span in SECTORS.items()}
    return Circle({name: value for name, value in (average | sectors).items() if value is not None}, start)


def segmentation(raw: bytes, head: Head, scan: Scan) -> list[tuple[float, ...]]:
    """The lines in the head of a B-scan; ``raw`` is that head."""
    wanted = [scan.offset + at * 4 * head.columns for at in range(scan.segments)]
    return [struct.unpack_from(f"<{head.columns}f", raw, at) for at in wanted if at + 4 * head.columns <= len(raw)]


def start_deg(head: Head, scan: Scan) -> float | None:
    """Where the circle starts: 0 is temporal, 90 superior. Nothing when that is not on the temporal side."""
    x, y = scan.start[0] - scan.end[0], scan.end[1] - scan.start[1]  # pictures count downwards
    temporal = -x if head.eye == "right" else x
    if math.hypot(x, y) == 0 or temporal <= abs(y):
        return None
    return math.degrees(math.atan2(y, temporal))


def _within(depths: Sequence[float | None], start: float, first: int, last: int) -> list[float | None]:
    """Those whose place on the circle lies in a sector."""
    return [depth for place, depth in _places(depths, start) if first <= place < last or first <= place - 360 < last]


def _places(depths: Sequence[float | None], start: float) -> Iterator[tuple[float, float | None]]:
    for at, depth in enumerate(depths):
        yield (start + 360 * at / len(depths)) % 360, depth


def _mean(depths: Sequence[float | None]) -> Decimal | None:
    found = [depth for depth in depths if depth is not None]
    if not found or len(found) < ENOUGH * len(depths):
        return None
    return Decimal(str(math.fsum(found) / len(found))).quantize(STEP)


def _found(depth: float) -> bool:
    return math.isfinite(depth) and 0 <= depth < INVALID
