"""A row is one eye. Figures the alias table knows have keys, rings of curvature stay under the maker's own names."""

import re
from decimal import Decimal
from typing import Any

from protocols.export import Columns, Days, Row, fault, parted, remark, rows_of
from protocols.framing import Unread
from protocols.framing.margin import integrity
from protocols.labelled import Heading
from protocols.readings import Integrity, Meridian, Reading, Topography, TopographyEye

RING = re.compile(r"r\s*\d{1,2}(?:[.,]\d{1,2})?\s+\d{1,3}\s*°?")  # r4.0 324°: a ring of 4 mm, at 324 degrees
MOST_RINGS = 400  # in a reading; the capture has them all


def topography(raw: bytes, columns: Columns, dialect: str) -> tuple[Reading, ...]:
    """A reading a row, whatever its status: what the instrument is not content with says so. Raises Unread."""
    rows = list(rows_of(parted(raw), columns))
    days = Days(row.told.get("day", "") for row in rows)
    proof = integrity(raw)
    readings = [_reading(proof, row, days, dialect) for row in rows if row.eye]
    if not readings:
        raise Unread("No row names an eye, so nothing can be assigned.")
    return tuple(readings)


def _reading(proof: Integrity, row: Row, days: Days, dialect: str) -> Topography:
    heading = Heading(proof, dialect, maker="Oculus", model="Pentacam")
    _gather_rings(heading, row)
    remark(heading, row, days)
    eye: dict[str, Any] = {str(row.eye): _eye(row)}
    return Topography(**heading.keys(), surface=_surface(row), **eye)


def _gather_rings(heading: Heading, row: Row) -> None:
    rings = {name: row.rest.pop(name) for name in list(row.rest) if RING.fullmatch(name)}
    if len(rings) > MOST_RINGS:
        heading.note("rings_in_capture", f"{len(rings)} points of the map stand in the capture only.")
    elif rings:
        heading.keep("rings", rings)


def _surface(row: Row) -> Any:
    back = any(name.endswith(" B") for name in row.indices)
    front = any(key.startswith("k") for key in row.values) or any(name.endswith(" F") for name in row.indices)
    return {(True, True): "both", (True, False): "anterior", (False, True): "posterior"}.get((front, back))


def _eye(row: Row) -> TopographyEye:
    values = dict(row.values)
    meridians = {name: _meridian(name, values) for name in ("k1", "k2")}
    given: dict[str, Any] = meridians | values
    return TopographyEye(**given, indices=row.indices, quality=row.told.get("status") or None, error=fault(row))


def _meridian(name: str, values: dict[str, Decimal]) -> Meridian | None:
    found: dict[str, Any] = {
        key: value for key in ("radius_mm", "power_d") if (value := values.pop(f"{name}_{key}", None)) is not None
    }
    axis = values.pop(f"{name}_axis", None)
    if axis is not None:
        found["axis"] = int(axis)
    return Meridian(**found) if found else None
