"""Tests of both eyes behind ``*AV``. Which figure is which is inferred from their order and size (grade C).

NPA|B|33| 3.03|                 both, left or right; 33 cm, and the 3.03 D that they are
NRA|B| 2.00| 1.75|   PRA|…      blur, recovery
DIV|f| 9.00|16.00|10.00|        far or near; blur, break, recovery with base in; CON with base out
NPC|-8| 9.5| 64.8|              not explained: kept as words
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from protocols.readings import BinocularTest, Note
from protocols.sheet import blank, figure
from protocols.tomey_tap.grammar import Line

_EYES: dict[str, Any] = {"B": {}, "L": {"eye": "left"}, "R": {"eye": "right"}}
_DISTANCES: dict[str, Any] = {"f": {"distance": "far"}, "n": {"distance": "near"}}
_DIRECTIONS: dict[str, Literal["in", "out"]] = {"DIV": "in", "CON": "out"}
_INFERRED = "Which figure is blur, break and recovery is inferred from their order; nobody has told."
NAMES = frozenset({"NPC", "NPA", "NRA", "PRA", "DIV", "CON"})


def read(line: Line) -> BinocularTest | None:
    """One test; nothing when a figure is not what it should be."""
    test = _npc(line) if line.tag == "NPC" else _test(line)
    return test if line.ended else None


def notes(tests: Sequence[BinocularTest]) -> tuple[Note, ...]:
    """What a person should know of them."""
    inferred = any("recovery" in test.values for test in tests)
    return (Note(code="meaning_inferred", text=_INFERRED),) if inferred else ()


def _npc(line: Line) -> BinocularTest | None:
    words = " ".join(text.strip() for text in line.fields)
    plain = all(figure(text) is not None for text in line.fields)
    return BinocularTest(name="npc", words=words) if plain and not blank(words) else None


def _test(line: Line) -> BinocularTest | None:
    whose, *texts = line.fields or ("",)
    names = _figures(line.tag)
    keys = (_DISTANCES if line.tag in _DIRECTIONS else _EYES).get(whose.strip())
    if keys is None or len(texts) != len(names):
        return None
    said = {name: figure(text) for name, text in zip(names, texts, strict=True) if not blank(text)}
    values: dict[str, Decimal] = {name: value for name, value in said.items() if value is not None}
    if len(values) != len(said) or not values:
        return None
    return BinocularTest(**_kind(line.tag), **keys, values=values)


def _figures(tag: str) -> tuple[str, ...]:
    if tag in _DIRECTIONS:
        return "blur", "break", "recovery"
    return ("cm", "power") if tag == "NPA" else ("blur", "recovery")


def _kind(tag: str) -> dict[str, Any]:
    if tag in _DIRECTIONS:
        return {"name": "vergence", "direction": _DIRECTIONS[tag], "unit": "pd"}
    return {"name": tag.lower(), "unit": "D"}
