"""The content tree of a structured report (SR), flattened: every value with its name, its unit and its eye."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from protocols.dicom.grammar import SIDE_CODES, Laterality
from protocols.dicom.level import Code, Level

# "Laterality" and "Finding site", in SNOMED CT and in the SNOMED-RT of older software.
_LATERALITY = frozenset({"272741003", "G-C171"})
_SITES = frozenset({"363698007", "G-C0E3"})
_NAMED_EYES: dict[str, Laterality] = {"111688": "right", "111689": "left"}  # containers of a spectacle prescription


class Value(NamedTuple):
    """One content item that holds something: a number with its unit, a code or a text."""

    name: Code
    number: Decimal | None
    unit: str
    words: str | None
    side: Laterality | None

    def told(self) -> dict[str, str]:
        """For a person."""
        value = f"{self.number} {self.unit}".strip() if self.number is not None else self.words or ""
        return {"name": str(self.name), "value": value} | ({"eye": self.side} if self.side else {})


def values(root: Level, side: Laterality | None = None) -> list[Value]:
    """In the order of the report; an item without an eye of its own belongs to the eye of what it stands in.

    ``side`` is the eye of the whole object, where its attributes name one.
    """
    return list(_within(root, side))


def _within(level: Level, side: Laterality | None) -> Iterator[Value]:
    children = level.items("ContentSequence")
    here = _side(level, children, side)
    name = level.code("ConceptNameCodeSequence")
    value = _value(level, name, here) if name else None
    if value:
        yield value
    for child in children:
        if not _is_side(child):
            yield from _within(child, here)


def _side(level: Level, children: list[Level], outer: Laterality | None) -> Laterality | None:
    """By a child that says laterality, or a site that does, else that outside; two that differ are no eye."""
    name = level.code("ConceptNameCodeSequence")
    if name and name.value in _NAMED_EYES:
        return _NAMED_EYES[name.value]
    found = {side for child in children if (side := _said(child))}
    if len(found) > 1:
        return None
    return found.pop() if found else outer


def _said(child: Level) -> Laterality | None:
    name, told = child.code("ConceptNameCodeSequence"), child.code("ConceptCodeSequence")
    if name is None or name.value not in _LATERALITY | _SITES:
        return None
    own = SIDE_CODES.get(told.value) if told else None
    return own or (_side(child, child.items("ContentSequence"), None) if name.value in _SITES else None)


def _is_side(child: Level) -> bool:
    name = child.code("ConceptNameCodeSequence")
    return name is not None and name.value in _LATERALITY


def _value(level: Level, name: Code, side: Laterality | None) -> Value | None:
    measured, code = level.item("MeasuredValueSequence"), level.code("ConceptCodeSequence")
    number = measured.number("NumericValue") if measured else None
    if measured and number is not None:
        unit = measured.code("MeasurementUnitsCodeSequence")
        return Value(name, number, unit.value if unit else "", None, side)
    words = (code.meaning or code.value) if code else level.text("TextValue")
    return Value(name, None, "", words, side) if words else None
