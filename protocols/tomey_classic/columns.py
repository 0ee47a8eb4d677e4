"""The lines, each by its first two characters and its exact width: what was cut off does not fit.

0R 0L    sphere 6, cylinder 6, axis 3                                the eye; also with the letter O
DB       distance of the pupils 4
CR CL    flat mm 5, D 5, axis 3, steep mm 5, D 5, axis 3, mean mm 5, cylinder 6
LR LL    sphere 6, cylinder 6, axis 3                                the lens
AR AL    addition 4
PR PL DR DL                                                          form unknown, bare when there is none
"""

import re
from typing import Any

from protocols.readings import CornealCylinder, MeanCurvature, Meridian, Pd
from protocols.sheet import Margin, blank, degrees, figure, power

SIDES = {"R": "right", "L": "left"}
_POWER = re.compile(r"(.{6})(.{6})(.{3}) *")
_CORNEA = re.compile(r"(.{5})(.{5})(.{3})(.{5})(.{5})(.{3})(.{5})(.{6}) *")
_FOUR = re.compile(r"(.{4}) *")


class Columns:
    """Collects the keys of each kind while the lines are read."""

    def __init__(self, margin: Margin) -> None:
        self.margin = margin
        self.print_number: str | None = None
        self.tops: dict[str, Any] = {}
        self.eyes: dict[str, dict[str, Any]] = {}
        self.corneas: dict[str, dict[str, Any]] = {}
        self.lenses: dict[str, dict[str, Any]] = {}

    def take(self, line: str) -> None:
        """One line; what is not understood is kept as it came."""
        tag, rest = line[:2], line[2:]
        side = SIDES.get(tag[1:])
        if line in ("RK", "LM"):
            return
        if tag[0] == "*":
            self._number(line[1:].strip())
        elif tag == "DB":
            self._pupils(rest)
        elif side and tag[0] in "0OCLA":
            self._sided(tag, side, rest)
        elif rest.strip() or side is None:
            self.margin.unknown(tag, rest)

    def _sided(self, tag: str, side: str, rest: str) -> None:
        store, read = {
            "0": (self.eyes, _power),
            "O": (self.eyes, _power),  # Rufus looks for the letter, its own example has the digit
            "C": (self.corneas, _cornea),
            "L": (self.lenses, _power),
            "A": (self.lenses, _addition),
        }[tag[0]]
        said, known = read(rest), store.setdefault(side, {})
        if said is None or set(said) & set(known):
            self.margin.unreadable(tag, rest)
        else:
            known |= said

    def _number(self, text: str) -> None:
        """Four characters. Digits may run; anything else may be whose it is, and nobody has told."""
        if text.isdecimal():
            self.print_number = text
        elif text:
            self.margin.keep("ID", text)

    def _pupils(self, rest: str) -> None:
        found = _FOUR.fullmatch(rest)
        far = figure(found[1]) if found else None
        if far:
            self.tops["pd"] = Pd(far=far)
        elif not blank(rest) and far is None:
            self.margin.unreadable("DB", rest)


def _power(rest: str) -> dict[str, Any] | None:
    found = _POWER.fullmatch(rest)
    return power(*found.groups()) if found else ({} if blank(rest) else None)


def _addition(rest: str) -> dict[str, Any] | None:
    if blank(rest):
        return {}
    found = _FOUR.fullmatch(rest)
    value = figure(found[1]) if found else None
    return None if value is None else {"add": value}


def _cornea(rest: str) -> dict[str, Any] | None:
    found = _CORNEA.fullmatch(rest)
    if found is None or blank(rest):
        return {} if blank(rest) else None
    values = [degrees(text) if at in (2, 5) else figure(text) for at, text in enumerate(found.groups())]
    if None in values:
        return None
    if not values[0] or not values[3]:
        return {}  # a radius of zero was not measured
    return _curvature(values)


def _curvature(values: list[Any]) -> dict[str, Any]:
    flat_mm, flat_d, axis, steep_mm, steep_d, steep_axis, mean_mm, cylinder = values
    return {
        "r1": Meridian(radius_mm=flat_mm, power_d=flat_d, axis=axis),
        "r2": Meridian(radius_mm=steep_mm, power_d=steep_d, axis=steep_axis),
        "average": MeanCurvature(radius_mm=mean_mm),
        "cylinder": CornealCylinder(power_d=cylinder),
    }
