"""What belongs to every object: which instrument, which patient, when, and for which order."""

from typing import Any

from protocols.dicom.grammar import DIALECT, UNKNOWN
from protocols.dicom.level import Level
from protocols.dicom.moments import day, moment, stamp
from protocols.readings import Instrument, OrderRef, PatientRef

# The acquisition is when it was measured; a report's content may have been written long after it.
_CLOCKS = (
    ("AcquisitionDate", "AcquisitionTime"),
    ("ContentDate", "ContentTime"),
    ("PerformedProcedureStepStartDate", "PerformedProcedureStepStartTime"),
    ("SeriesDate", "SeriesTime"),
    ("StudyDate", "StudyTime"),
)
# A clock whose battery died starts again in 2000 or earlier.
_PLAUSIBLE_YEARS = range(2001, 2100)


def heading(root: Level) -> dict[str, Any]:
    """The keys ``instrument``, ``measured_at``, ``patient_ref`` and ``order``."""
    return {
        "instrument": _instrument(root),
        "measured_at": _measured_at(root),
        "patient_ref": _patient(root),
        "order": _order(root),
    }


def _instrument(root: Level) -> Instrument:
    model = root.text("ManufacturerModelName")
    if model is None:
        root.journal.note("instrument_unnamed", "The instrument did not say which model it is.")
    return Instrument(
        maker=root.text("Manufacturer") or UNKNOWN,
        model=model or UNKNOWN,
        dialect=DIALECT,
        serial=_told(root.text("DeviceSerialNumber")),
        firmware=_told(root.text("SoftwareVersions")),
    )


def _told(text: str | None) -> str | None:
    """Both are required of many classes, so a device that does not know them writes a word for that."""
    return None if text is None or text.casefold() == UNKNOWN else text


def _patient(root: Level) -> PatientRef | None:
    name = (root.text("PatientName") or "").rstrip("^= ")  # empty components at the end mean nothing (PS3.5 6.2.1)
    if not name.isascii() and root.text("SpecificCharacterSet") in (None, "ISO_IR 6"):
        root.journal.note("characters_undeclared", "The object names no character set: the name may be wrong.")
    said = {"id": root.text("PatientID"), "name": name or None, "birth_date": _birth_date(root)}
    return PatientRef(**said) if any(said.values()) else None


def _birth_date(root: Level) -> str | None:
    said = root.text("PatientBirthDate")
    born = day(said) if said else None
    if said and born is None:
        root.journal.note("unreadable_field", "The patient's birth date is no date; it stays in the file only.")
    return born.isoformat() if born else None


def _measured_at(root: Level) -> str | None:
    zone = root.text("TimezoneOffsetFromUTC") or ""
    pairs = [(root.text(on) or "", root.text(at) or "") for on, at in _CLOCKS]
    moments = [stamp(root.text("AcquisitionDateTime") or "", zone), *(moment(on, at, zone) for on, at in pairs)]
    found = next((one for one in moments if one), None)
    if found is None and not any(on or at for on, at in pairs):
        return None
    if found is None:
        root.keep("dates", [text for pair in pairs if (text := " ".join(pair).strip())])
    if found is None or found.year not in _PLAUSIBLE_YEARS:
        root.journal.note("clock_implausible", "The instrument's clock told no time that can be right; check it.")
    return found.isoformat() if found else None


def _order(root: Level) -> OrderRef | None:
    """What was copied from the worklist. It stands at the top, or with the request that the step belongs to."""
    asked = [root, *root.items("RequestAttributesSequence"), *root.items("ReferencedRequestSequence")]
    said = {
        "accession": _first(asked, "AccessionNumber"),
        "study_uid": root.text("StudyInstanceUID"),
        "procedure_id": _first(asked, "RequestedProcedureID"),
        "step_id": _first(asked, "ScheduledProcedureStepID"),
    }
    return OrderRef(**said) if any(said.values()) else None


def _first(levels: list[Level], keyword: str) -> str | None:
    return next((text for level in levels if (text := level.text(keyword))), None)
