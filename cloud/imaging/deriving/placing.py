"""Where the slices of a volume lie: side by side or not, and how many millimetres from one another.

PS3.3 C.7.6.16.2.3 and C.7.6.16.2.4 (plane position and orientation), C.7.4.1 (frame of reference).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

PARALLEL = 0.02  # radians by which slices of one raster may differ
Line = tuple[float, float, float, float]  # row and column of both ends, seen from above


def is_raster(lines: Sequence[Line]) -> bool:
    """Whether the lines lie side by side, all in one direction and one after the other."""
    ends = np.asarray(lines, dtype=float)
    along = ends[:, 2:] - ends[:, :2]
    angles = np.arctan2(along[:, 0], along[:, 1])
    turned = np.abs(np.angle(np.exp(1j * (angles - angles[0]))))
    steps = np.diff(across(lines))
    return bool((turned < PARALLEL).all() and ((steps > 0).all() or (steps < 0).all()))


def across(lines: Sequence[Line]) -> npt.NDArray[np.float64]:
    """How far along the way from one line to the next each lies, in the lines' unit."""
    ends = np.asarray(lines, dtype=float)
    rise, run = ends[0, 2:] - ends[0, :2]
    angle = np.arctan2(rise, run)
    return np.asarray((ends[:, :2] + ends[:, 2:]) / 2 @ np.array([-np.cos(angle), np.sin(angle)]))


def planes(groups: Sequence[Any], shared: Sequence[Any]) -> tuple[float, ...] | None:
    """Positions of frames that lie parallel to each other, in mm along what is upright on them; None unless all say it.

    ``groups`` are the functional groups of each frame, ``shared`` those of all.
    """
    corners = [_of(group, "PlanePositionSequence", "ImagePositionPatient") for group in groups]
    turned = [_orientation([group, *shared]) for group in groups]
    if not corners or any(one is None or len(one) != 3 for one in corners) or any(one is None for one in turned):
        return None
    upright = [np.cross(one[:3], one[3:]) for one in turned if one is not None]
    if any(abs(one @ upright[0]) < np.cos(PARALLEL) * (one @ one) for one in upright) or not upright[0].any():
        return None
    found = tuple(round(float(np.asarray(one, dtype=float) @ upright[0]), 4) for one in corners)
    return found if np.isfinite(found).all() else None


def reference(uid: str) -> str | None:
    """A frame of reference told apart from others, without the identifier itself."""
    return hashlib.sha256(uid.encode()).hexdigest()[:16] if uid else None


def spaced(count: int, slice_mm: float | None) -> tuple[float, ...] | None:
    """Positions where only the distance from slice to slice is known."""
    return None if slice_mm is None else tuple(round(number * slice_mm, 4) for number in range(count))


def _orientation(groups: Sequence[Any]) -> npt.NDArray[np.float64] | None:
    found = (_of(group, "PlaneOrientationSequence", "ImageOrientationPatient") for group in groups)
    said = next((one for one in found if one is not None and len(one) == 6), None)
    return None if said is None else np.asarray(said, dtype=float)


def _of(group: Any, sequence: str, name: str) -> Any:
    items = group.get(sequence) or []
    return items[0].get(name) if items else None
