"""Figures as a phoropter writes them: polarity, tens and ones in fixed places, blanks where there is nothing.

    sphere, cylinder, addition 6   ``- 2.75`` ``+10.00`` ``  0.00``      axis 3   `` 50`` ``  0``
    prism 6                        ``I 1.50`` ``U 0.50`` ``  0.00``
    acuity 5 and 2                 `` 1.25`` ``<0.1 ``, then letters ``+2`` ``-1`` or two blanks

A wholly blank field was not measured and is never a zero. A figure that has lost its polarity is no figure.
"""

import re
from decimal import Decimal
from typing import Any, Literal

from protocols.readings import Prism, PrismComponent

_DIOPTRES = re.compile(r"([+-])[ \d]\d\.\d\d| {1,2}0?0\.00")
_AXIS = re.compile(r" {0,2}\d{1,3}")
_NUMBER = re.compile(r"([+-]?) *(\d+(?:\.\d+)?)")
_PRISM = re.compile(r"([IOUD ])([ \d]\d\.\d\d)")
_ACUITY = re.compile(r"([<>-]?) *(\d*\.?\d+) *")
_LETTERS = re.compile(r"[+-]\d")

_BASES: dict[str, tuple[str, Literal["in", "out", "up", "down"]]] = {
    "I": ("horizontal", "in"),
    "O": ("horizontal", "out"),
    "U": ("vertical", "up"),
    "D": ("vertical", "down"),
}

Keys = dict[str, Any]


def power(text: str) -> Keys:
    """Sphere 6, cylinder 6, axis 3."""
    fields = {"sphere": dioptres(text[:6]), "cylinder": dioptres(text[6:12]), "axis": axis(text[12:])}
    return {key: value for key, value in fields.items() if value is not None}


def dioptres(text: str) -> Decimal | None:
    """A power; nothing when blank. Raises ValueError, also for a power other than zero without its polarity."""
    if not text.strip():
        return None
    if not _DIOPTRES.fullmatch(text):
        raise ValueError("no power")
    return Decimal(text.replace(" ", ""))


def axis(text: str) -> int | None:
    """Whole degrees, 0 to 180, as received. Raises ValueError."""
    if not text.strip():
        return None
    if not _AXIS.fullmatch(text) or int(text) > 180:
        raise ValueError("no axis")
    return int(text)


def number(text: str) -> Decimal | None:
    """Any plain figure; nothing when blank. Raises ValueError."""
    if not text.strip():
        return None
    match = _NUMBER.fullmatch(text.strip())
    if match is None or len(match[2]) > 7:
        raise ValueError("no figure")
    return Decimal(match[1] + match[2])


def prism(text: str) -> Keys:
    """Horizontal 6, vertical 6; a zero has no base."""
    horizontal, vertical = _component(text[:6], "horizontal"), _component(text[6:12], "vertical")
    if text[12:].strip():
        raise ValueError("no prism")
    return {"prism": Prism(horizontal=horizontal, vertical=vertical)} if horizontal or vertical else {}


def _component(text: str, way: str) -> PrismComponent | None:
    if not text.strip():
        return None
    match = _PRISM.fullmatch(text)
    if match is None:
        raise ValueError("no prism")
    size = Decimal(match[2].strip())
    if match[1] == " ":
        if size:
            raise ValueError("a prism that has lost its base")
        return PrismComponent(power=size)
    direction, base = _BASES[match[1]]
    if direction != way:
        raise ValueError("a base that is not of this direction")
    return PrismComponent(power=size, base=base)


def acuity(text: str) -> str | None:
    """An acuity as shown, with the letters more or fewer than the line: ``0.8``, ``<0.1``, ``1.25-1``."""
    shown, letters = text[:5], text[5:].strip()
    if not shown.strip() and not letters:
        return None
    match = _ACUITY.fullmatch(shown.strip())
    if match is None or (letters and not _LETTERS.fullmatch(letters)):
        raise ValueError("no acuity")
    return match[1] + match[2] + letters


def distances(text: str) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Pupillary distance: of both eyes, right, left, 4 each; mostly the first alone. Raises ValueError."""
    if len(text.rstrip()) > 12:
        raise ValueError("no pupillary distance")
    both, right, left = (number(text[at : at + 4]) for at in (0, 4, 8))
    return both, right, left
