"""From lines to readings."""

from typing import Any

from protocols.framing import Unread
from protocols.readings import (
    UNNAMED,
    Autorefraction,
    AutorefractionEye,
    Instrument,
    Keratometry,
    KeratometryEye,
    Lensmetry,
    LensmetryEye,
    Reading,
)
from protocols.sheet import Margin, integrity, readable
from protocols.tomey_classic.columns import Columns
from protocols.tomey_classic.grammar import DIALECT, EOT, SOH, lines


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of a transmission. Raises Unread."""
    if raw.startswith(SOH) and not raw.endswith(EOT):
        raise Unread("The transmission broke off before its EOT.", len(raw))
    return from_lines(raw, lines(raw), Margin())


def from_lines(raw: bytes, said: list[bytes], margin: Margin) -> tuple[Reading, ...]:
    """The readings of these lines. Raises Unread when there is none."""
    columns = Columns(margin)
    for line in said:
        columns.take(readable(line))
    margin.note("instrument_unnamed", "The instrument did not say which model it is.")
    readings = tuple(_readings(raw, columns))
    if not readings:
        raise Unread("No eye and no lens could be read in these lines.")
    return readings


def _readings(raw: bytes, columns: Columns) -> list[Reading]:
    common = _common(raw, columns)
    eyes = _sides(columns.eyes, AutorefractionEye)
    corneas = _sides(columns.corneas, KeratometryEye)
    lenses = _sides(columns.lenses, LensmetryEye)
    found: list[Reading] = []
    if eyes or columns.tops:
        found.append(Autorefraction(**common, **columns.tops, **eyes))
    if corneas:
        found.append(Keratometry(**common, **corneas))
    if lenses:
        found.append(Lensmetry(**common, **lenses))
    return found


def _sides(store: dict[str, dict[str, Any]], make: type) -> dict[str, Any]:
    return {side: make(**keys) for side, keys in store.items() if keys}


def _common(raw: bytes, columns: Columns) -> dict[str, Any]:
    return {
        "instrument": Instrument(maker="Tomey", model=UNNAMED, dialect=DIALECT),
        "integrity": integrity(raw),
        "print_number": columns.print_number,  # four characters; nobody says they are a patient's
        "notes": tuple(columns.margin.notes),
        "extra": columns.margin.extra,
    }
