"""Refraction by zone of the pupil: 3, 5 and 7 mm. Which of them stands for the eye is not told, so none is chosen."""

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading
from protocols.readings import AutorefractionEye, RefractionReading

_MM = ("3", "5", "7")
_FIGURE = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,12})?")
_HALF_TURN = Decimal("3.1416")
_SMALLEST = -6  # the power of ten below which no clinician reads a figure

Sections = dict[str, dict[str, str]]


def plain(text: str, most: int) -> Decimal:
    """A decimal as written; a zero keeps six places of however many. Raises Unread."""
    if not _FIGURE.fullmatch(text) or abs(Decimal(text)) > most:
        raise Unread("A figure of the file is no plain decimal, or larger than it can be.")
    value = Decimal(text)
    if value.adjusted() >= _SMALLEST:
        return value
    if value:
        raise Unread("A figure of the file is too small to be one.")
    return Decimal("0.000000").copy_sign(value)


def degrees(radians: str) -> int:
    """Whole degrees of an axis in radians, 0 to half a turn. Raises Unread."""
    value = plain(radians, 4)
    if not 0 <= value <= _HALF_TURN:
        raise Unread("An axis is not in radians.")
    return round(math.degrees(value))


def zones(found: Sections, heading: Heading) -> AutorefractionEye:
    """The eye, a reading a zone. Raises Unread when no zone can be read."""
    said = list(_said(found))
    readings = [one for zone, texts in said if (one := _reading(zone, texts, heading)) is not None]
    if not readings:
        raise Unread("No zone of the pupil has sphere, cylinder and axis.")
    heading.note("axis_converted", "The file gives axes in radians; they are rounded to whole degrees here.")
    heading.note("representative_missing", "The instrument gives a value for each zone of the pupil and chooses none.")
    return AutorefractionEye(readings=tuple(readings))


def _said(found: Sections) -> Iterator[tuple[str, list[str]]]:
    """The texts of each zone that has all three."""
    for zone in _MM:
        if "AR" in found:
            texts = [found["AR"].get(f"{key}_{zone}", "") for key in ("sphere", "cylinder", "axis")]
        else:
            texts = [found[name].get(f"r_{zone}", "") for name in ("SPHERE", "CYLINDER", "AXIS")]
        if any(texts):
            yield zone, texts


def _reading(zone: str, texts: list[str], heading: Heading) -> RefractionReading | None:
    try:
        keys: dict[str, Any] = {"sphere": plain(texts[0], 30), "cylinder": plain(texts[1], 12)}
        return RefractionReading(**keys, axis=degrees(texts[2]))
    except Unread:
        heading.note(
            "unreadable_field", f"The zone of {zone} mm does not have the form it should have; kept as it came."
        )
        return None
