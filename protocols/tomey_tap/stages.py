"""What stood in the phoropter, by stage and distance: every pair of fields is left, then right."""

from typing import Any

from protocols.readings import PrismComponent
from protocols.sheet import Margin, believed, blank, figure
from protocols.tomey_tap.grammar import Line

STAGES = {"UN": "unaided", "LM": "lensmeter", "AR": "autorefraction", "SJ": "subjective", "FN": "final"}
_POWERS = {"SP": "sphere", "CY": "cylinder", "AX": "axis"}
_PRISMS: dict[str, tuple[str, dict[str, Any]]] = {
    "PH": ("horizontal", {"I": "in", "O": "out"}),
    "PV": ("vertical", {"U": "up", "D": "down"}),
}
VALUES = frozenset({*_POWERS, *_PRISMS, "AD", "VA"})
_LONGEST_VA = 12
Eyes = dict[str, dict[str, Any]]


class Stages:
    """Collects; a tag in small letters, or in a section of small letters, is of near."""

    def __init__(self, margin: Margin) -> None:
        self.found: dict[tuple[str, str], Eyes] = {}
        self._margin = margin
        self._stage: str | None = None
        self._near = False

    def begin(self, tag: str) -> None:
        """A section."""
        self._stage, self._near = STAGES[tag.upper()], tag.islower()

    def take(self, line: Line) -> None:
        """A line of values."""
        said = _read(line) if line.ended and self._stage else None
        if said is None or self._stage is None:
            self._margin.unreadable(line.tag, line.text)
            return
        distance = "near" if self._near or line.tag.islower() else "far"
        eyes = self.found.setdefault((self._stage, distance), {})
        for side, keys in said.items():
            known = eyes.setdefault(side, {})
            if set(keys) & set(known):
                self._margin.unreadable(line.tag, line.text)
            else:
                known |= keys


def _read(line: Line) -> Eyes | None:
    """The keys of each eye; nothing when a field is not what it should be."""
    tag, fields = line.tag.upper(), line.fields
    if tag == "VA":
        return _acuities(fields)
    if tag in _PRISMS:
        return _prisms(tag, fields)
    if len(fields) != 2:
        return None
    key = _POWERS.get(tag, "add")
    values = {side: _value(key, text) for side, text in zip(("left", "right"), fields, strict=True) if not blank(text)}
    return None if None in values.values() else {side: {key: value} for side, value in values.items()}


def _value(key: str, text: str) -> Any:
    return figure(text) if key == "add" else believed(key, text)


def _acuities(fields: tuple[str, ...]) -> Eyes | None:
    if len(fields) != 3 or any(len(text.strip()) > _LONGEST_VA for text in fields):
        return None
    sides = zip(("left", "both", "right"), fields, strict=True)
    return {side: {"va": text.strip()} for side, text in sides if not blank(text)}


def _prisms(tag: str, fields: tuple[str, ...]) -> Eyes | None:
    if len(fields) != 4:
        return None
    way, bases = _PRISMS[tag]
    found: Eyes = {}
    for side, base, text in (("left", *fields[:2]), ("right", *fields[2:])):
        power = figure(text)
        if not blank(text) and (power is None or base.strip() not in bases):
            return None
        if power is not None:  # a base without a power is no prism
            found[side] = {way: PrismComponent(power=power, base=bases[base.strip()])}
    return found
