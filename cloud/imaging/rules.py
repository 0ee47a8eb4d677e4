"""What a mark may be. Pure."""

from collections.abc import Mapping
from typing import Any

from cloud.imaging.choices import MOST_WORDS, POINTS, Shape
from cloud.imaging.errors import BadMark


def mark(told: Mapping[str, Any], frames: int) -> dict[str, Any]:
    """A mark as a page sent it, as columns: shape, points, frame, words. Raises BadMark."""
    try:
        shape, frame = Shape(told["shape"]), int(told.get("frame", 0))
        points = [[_fraction(x), _fraction(y)] for x, y in told["points"]]
    except (KeyError, TypeError, ValueError, OverflowError):
        raise BadMark("shape, frame or points") from None
    words = str(told.get("words") or "").strip() or None
    if len(points) != POINTS[shape] or not 0 <= frame < max(frames, 1):
        raise BadMark("points or frame")
    if len(words or "") > MOST_WORDS or (shape is Shape.TEXT and words is None):
        raise BadMark("words")
    return {"shape": shape.value, "frame": frame, "points": points, "words": words}


def _fraction(value: Any) -> float:
    found = round(float(value), 6)
    if not 0 <= found <= 1:
        raise ValueError(value)
    return found
