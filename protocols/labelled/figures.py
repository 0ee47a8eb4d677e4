"""Figures as text. What lies outside what an eye can have is not a figure of an eye: a byte fell over.

Free text has no checksum, so plausibility is the only witness there is. The limits are wider than any instrument
measures: sphere -30 to +30 D, cylinder -12 to +12 D, axis 0 to 180 degrees (0 and 180 both as received).
"""

import re
from decimal import Decimal
from typing import Any

from protocols.framing import Unread

_FIGURE = re.compile(r"([+-]?)[ \t]*(\d{1,6}(?:\.\d{1,6})?)")
_AXIS = re.compile(r"\+?\d{1,3}")
_SPHERE, _CYLINDER, _AXIS_MOST = Decimal(30), Decimal(12), 180


def figure(text: str, least: int | None = None, most: int | None = None) -> Decimal:
    """A plain decimal with the instrument's own step; ``+`` and leading zeros dropped, the sign of a zero kept.

    Raises Unread when it is none, or outside of ``least`` to ``most``.
    """
    found = _FIGURE.fullmatch(text.strip())
    if found is None:
        raise Unread("A figure does not have the form of a plain decimal.")
    value = Decimal(found[1] + found[2])
    if (least is not None and value < least) or (most is not None and value > most):
        raise Unread(f"A figure lies outside of {least} to {most}.")
    return value


def sphere(text: str) -> Decimal:
    """Dioptres. Raises Unread."""
    return _within(text, _SPHERE, "sphere")


def cylinder(text: str) -> Decimal:
    """Dioptres. Raises Unread."""
    return _within(text, _CYLINDER, "cylinder")


def axis(text: str) -> int:
    """Whole degrees as received. Raises Unread."""
    if not _AXIS.fullmatch(text.strip()) or int(text) > _AXIS_MOST:
        raise Unread("An axis is no whole number of degrees from 0 to 180.")
    return int(text)


def power(sphere_d: str, cylinder_d: str, axis_deg: str) -> dict[str, Any]:
    """The keys of a refraction. Raises Unread."""
    return {"sphere": sphere(sphere_d), "cylinder": cylinder(cylinder_d), "axis": axis(axis_deg)}


def _within(text: str, most: Decimal, what: str) -> Decimal:
    value = figure(text)
    if abs(value) > most:
        raise Unread(f"A {what} lies outside of -{most} to +{most} D.")
    return value
