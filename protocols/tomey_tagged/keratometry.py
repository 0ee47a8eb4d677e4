"""``[INF_R],k`` opens a reading (A: the average), K1 K2 AV CYL fill it; K1 is taken for the flatter meridian.

KAI and KRI (regularity indices of a CX 2000) have no key and are kept as they came.
"""

from typing import Any

import msgspec

from protocols.readings import CornealCylinder, KeratometryEye, KeratometryReading, MeanCurvature, Meridian
from protocols.sheet import Margin, blank, degrees, figure
from protocols.tomey_tagged.grammar import Row
from protocols.tomey_tagged.refraction import SIDES
from protocols.tomey_tagged.series import announced, complete

_SHAPES: dict[str, tuple[str, type, tuple[str, ...]]] = {
    "K1": ("r1", Meridian, ("radius_mm", "power_d", "axis")),
    "K2": ("r2", Meridian, ("radius_mm", "power_d", "axis")),
    "AV": ("average", MeanCurvature, ("radius_mm", "power_d")),
    "CYL": ("cylinder", CornealCylinder, ("power_d", "axis")),
}
_INDICES = ("KAI", "KRI")
NAMES = frozenset({"INF", *_SHAPES, *_INDICES})


def read(section: list[Row], margin: Margin) -> dict[str, KeratometryEye]:
    """The eyes of a section."""
    eyes = {SIDES[side]: _eye(side, section, margin) for side in SIDES}
    return {side: eye for side, eye in eyes.items() if eye is not None}


def _eye(side: str, section: list[Row], margin: Margin) -> KeratometryEye | None:
    series = [(number, keys) for number, keys in _series(side, section, margin) if keys]
    if not series:
        return None
    averages = [KeratometryReading(**keys) for number, keys in series if number == "A"]
    readings = tuple(KeratometryReading(**keys) for number, keys in series if number != "A")
    count = announced(side, section)
    alone = readings if len(readings) == 1 and count in (None, 1) else ()
    chosen = [*averages, *alone][:1]
    if not chosen:
        margin.representative_missing(SIDES[side])
    complete(SIDES[side], count, len(readings), margin)
    return KeratometryEye(**(msgspec.structs.asdict(chosen[0]) if chosen else {}), readings=readings)


def _series(side: str, section: list[Row], margin: Margin) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for row in (one for one in section if one.side == side and one.name in NAMES):
        if row.name == "INF" or not found:
            found.append((row.field(0).strip() if row.name == "INF" else "", {}))
        if row.name in _SHAPES:
            _fill(row, found[-1][1], margin)
        elif row.name in _INDICES:
            margin.keep(row.tag, ",".join(row.fields))
    return found


def _fill(row: Row, keys: dict[str, Any], margin: Margin) -> None:
    key, make, names = _SHAPES[row.name]
    texts = {name: row.field(at) for at, name in enumerate(names) if not blank(row.field(at))}
    values = {name: (degrees if name == "axis" else figure)(text) for name, text in texts.items()}
    if not row.ended or key in keys or None in values.values():
        margin.unreadable(row.tag, ",".join(row.fields))
    elif values:
        keys[key] = make(**values)
