"""Figures as instruments print them: a sign that may stand apart, leading blanks or zeros, the step as it is."""

import re
from decimal import Decimal
from typing import Any

# A control byte inside a text is shown by its picture; JSON stores refuse a NUL, and people cannot see one.
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_FIGURE = re.compile(r" *([+-]?) *(\d{1,4}(?:\.\d{1,3})?) *")
_DEGREES = re.compile(r" *(\d{1,3}) *")
HALF_TURN = 180

# Wider than any instrument measures; without a checksum, plausibility is the only witness of a fallen bit.
_LIMITS = {"sphere": 30, "cylinder": 12}


def readable(data: bytes) -> str:
    """Bytes as text, one character a byte, control bytes shown by their picture."""
    return data.decode("latin-1").translate(_PICTURES)


def blank(*texts: str) -> bool:
    """Whether nothing stands there."""
    return not any(text.strip() for text in texts)


def figure(text: str) -> Decimal | None:
    """``"- 0.25"`` as -0.25 with its step and the sign of a zero kept; nothing when it is no plain number."""
    found = _FIGURE.fullmatch(text)
    return Decimal(found[1] + found[2]) if found else None


def degrees(text: str) -> int | None:
    """An axis from 0 to 180 as received, else nothing."""
    found = _DEGREES.fullmatch(text)
    return int(found[1]) if found and int(found[1]) <= HALF_TURN else None


def power(sphere: str, cylinder: str, axis: str) -> dict[str, Any] | None:
    """The keys of a power; empty when all is blank, nothing when a text is not what it should be."""
    texts = {"sphere": sphere, "cylinder": cylinder, "axis": axis}
    said = {key: believed(key, text) for key, text in texts.items() if not blank(text)}
    return None if None in said.values() else dict(said)


def believed(key: str, text: str) -> Decimal | int | None:
    """One figure of a power by its key; nothing when no eye can have it."""
    if key == "axis":
        return degrees(text)
    value = figure(text)
    return value if value is not None and abs(value) <= _LIMITS[key] else None
