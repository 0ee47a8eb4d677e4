"""From sections to readings; the patient of a refraction is the patient of the keratometry behind it."""

from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.readings import UNNAMED, Autorefraction, Instrument, Keratometry, Lensmetry, PatientRef, Pd, Reading
from protocols.sheet import Margin, blank, figure, integrity, readable
from protocols.tomey_tagged import keratometry, lens, refraction
from protocols.tomey_tagged.grammar import DIALECT, Row, headed, rows, sections

_COMMON = ("FM_IF", "PT_ID", "PD", "VD")
_SERIES = ("N", "POWER")


def read(raw: bytes) -> tuple[Reading, ...]:
    """Every reading in the bytes. Raises Unread when there is none."""
    readings: list[Reading] = []
    before: list[Row] = []
    patient = ""
    for section in sections(rows(readable(raw))):
        follows = before and headed(before) == "REF" and headed(section) == "KERATO"
        patient = _patient(section) or (patient if follows else "")
        readings += _readings(raw, section, patient)
        before = section
    if not readings:
        raise Unread("No eye and no lens could be read in these lines of tags.")
    return tuple(readings)


def _patient(section: list[Row]) -> str:
    said = [row.field(0).strip().removeprefix("*").strip() for row in section if row.tag == "PT_ID" and row.ended]
    return said[-1] if said else ""


def _readings(raw: bytes, section: list[Row], patient: str) -> list[Reading]:
    margin = Margin()
    tops = _tops(section, margin)
    if headed(section) == "REF" or any(map(refraction.counted, section)):
        eyes: dict[str, Any] = refraction.read(section, margin)
        kind: type[Reading] = Autorefraction
    elif any(row.name in keratometry.NAMES for row in section):
        eyes, kind, tops = keratometry.read(section, margin), Keratometry, {}
    else:
        eyes, kind = lens.read(section, margin), Lensmetry
        tops.pop("vertex_mm", None)
    _leftovers(kind, section, margin)
    return [kind(**_common(raw, patient, margin), **tops, **eyes)] if eyes else []


def _tops(section: list[Row], margin: Margin) -> dict[str, Any]:
    tops: dict[str, Any] = {}
    if far := _top("PD", section, margin):
        tops["pd"] = Pd(far=far)
    if vertex := _top("VD", section, margin):
        tops["vertex_mm"] = vertex
    return tops


def _top(tag: str, section: list[Row], margin: Margin) -> Decimal | None:
    """A distance in mm; a zero is none."""
    for row in section:
        if row.tag == tag and not blank(*row.fields):
            said = figure(row.field(0)) if row.ended else None
            if said is not None:
                return said or None
            margin.unreadable(tag, ",".join(row.fields))
    return None


def _leftovers(kind: type[Reading], section: list[Row], margin: Margin) -> None:
    if section[0].tag == "FM_IF" and not blank(section[0].field(1)):
        margin.keep("FM_IF", section[0].field(1).strip())  # the version of the output form, not of the instrument
    known = {
        Autorefraction: frozenset(_SERIES),
        Keratometry: keratometry.NAMES | {"N"},
        Lensmetry: lens.NAMES | {"N"},
    }[kind]
    for row in section:
        if row.tag not in _COMMON and row.name not in known and not blank(*row.fields):
            margin.unknown(row.tag, ",".join(row.fields))


def _common(raw: bytes, patient: str, margin: Margin) -> dict[str, Any]:
    margin.note("instrument_unnamed", "The instrument did not say which model it is.")
    return {
        "instrument": Instrument(maker="Tomey", model=UNNAMED, dialect=DIALECT),
        "integrity": integrity(raw),
        "patient_ref": PatientRef(id=patient) if patient else None,
        "notes": tuple(margin.notes),
        "extra": margin.extra,
    }
