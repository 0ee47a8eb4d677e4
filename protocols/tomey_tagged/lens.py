"""The lens of a TL-6100: ``[POWER_R],s,c,a``, ``[ADD_R],a1,a2``, ``[PRISM_R],px,py``, ``[UV_R]``.

Prism is signed: + out or up, - in or down (Rufus @70a2597, grade B). The form of UV is not known.
"""

from decimal import Decimal
from typing import Any, Literal

from protocols.readings import LensmetryEye, Prism, PrismComponent
from protocols.sheet import Margin, blank, figure, power
from protocols.tomey_tagged.grammar import Row
from protocols.tomey_tagged.refraction import SIDES

Base = Literal["in", "out", "up", "down"]
_BASES: tuple[tuple[str, Base, Base], ...] = (("horizontal", "out", "in"), ("vertical", "up", "down"))
_RECTANGULAR = "1"
NAMES = frozenset({"POWER", "ADD", "PRISM_SEL", "PRISM", "UV"})


def read(section: list[Row], margin: Margin) -> dict[str, LensmetryEye]:
    """The lenses of a section."""
    lenses = {SIDES[side]: _lens([row for row in section if row.side == side], margin) for side in SIDES}
    return {side: LensmetryEye(**keys) for side, keys in lenses.items() if keys}


def _lens(rows: list[Row], margin: Margin) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    form = next((row.field(0).strip() for row in rows if row.name == "PRISM_SEL"), _RECTANGULAR)
    for row in rows:
        if row.name in ("POWER", "ADD", "PRISM") and not (row.name == "PRISM" and form != _RECTANGULAR):
            _take(row, keys, margin)
        elif row.name in ("UV", "PRISM") and not blank(*row.fields):
            margin.unknown(row.tag, ",".join(row.fields))
    return keys if "sphere" in keys else _without_power(rows, keys, margin)


def _without_power(rows: list[Row], keys: dict[str, Any], margin: Margin) -> dict[str, Any]:
    """An addition or a prism whose lens broke off belongs to no lens."""
    for row in rows:
        if keys and row.name in ("ADD", "PRISM"):
            margin.unreadable(row.tag, ",".join(row.fields))
    return {}


def _take(row: Row, keys: dict[str, Any], margin: Margin) -> None:
    said = _TAKE[row.name](row) if row.ended else None
    if said is None or set(said) & set(keys):
        margin.unreadable(row.tag, ",".join(row.fields))
    else:
        keys |= said


def _power(row: Row) -> dict[str, Any] | None:
    return power(row.field(0), row.field(1), row.field(2))


def _additions(row: Row) -> dict[str, Any] | None:
    return _figures(row, ("add", "add2"))


def _prism(row: Row) -> dict[str, Any] | None:
    said = _figures(row, ("horizontal", "vertical"))
    if not said:
        return said
    return {"prism": Prism(**_components(said))}


def _components(said: dict[str, Decimal]) -> dict[str, Any]:
    return {way: _component(said[way], plus, minus) for way, plus, minus in _BASES if way in said}


def _component(signed: Decimal, plus: Base, minus: Base) -> PrismComponent:
    """A zero has no base: its sign points nowhere."""
    base = (minus if signed.is_signed() else plus) if signed else None
    return PrismComponent(power=abs(signed), base=base)


def _figures(row: Row, names: tuple[str, ...]) -> dict[str, Any] | None:
    texts = {name: row.field(at) for at, name in enumerate(names) if not blank(row.field(at))}
    said = {name: figure(text) for name, text in texts.items()}
    return None if None in said.values() else dict(said)


_TAKE = {"POWER": _power, "ADD": _additions, "PRISM": _prism}
