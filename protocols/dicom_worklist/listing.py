"""A query of a device against the store's list: which items it means, and each answer as a data set of its own.

An answer holds every attribute that was asked for, empty where nothing is known, and besides what devices drop an item
without (IOLMaster 700's conformance statement 1.90). It is built anew for every query: pydicom keeps damaged bytes of
a name that was once written in a set too small for it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo

from pydicom.dataset import Dataset

from protocols.dicom_worklist.answer import Charset, carried, charset
from protocols.dicom_worklist.matching import (
    date_matches,
    name_matches,
    text_matches,
    time_matches,
    uid_matches,
)
from protocols.envelope.worklist import Item, Worklist, moment_of, zone_of

ANY_MODALITY = ("", "*", "OT")
SEX = {"M": "M", "F": "F", "O": "O", "": ""}


@dataclass(frozen=True)
class Station:
    """The device that asks: all names it may give itself, the first one its own; what it examines; its set."""

    names: tuple[str, ...]
    modalities: Collection[str] = ()
    charset: str | None = None


@dataclass(frozen=True)
class _Known:
    """An item in DICOM's terms: texts by keyword, of the patient's level and of the step's."""

    item: Item
    patient: dict[str, str]
    step: dict[str, str]


def answers(query: Dataset, told: Worklist, station: Station) -> Iterator[Dataset]:
    """A data set for every item the query means, in the order of the day."""
    how = charset(station.charset, _asked_sets(query))
    for item in sorted(told.items, key=lambda one: (one.at, one.step_id)):
        known = _known(item, zone_of(told), how, _wanted_station(query), station)
        if _is_meant(query, known, station):
            yield _answer(query, known, how)


def _is_meant(query: Dataset, known: _Known, station: Station) -> bool:
    step = _step(query)
    return (
        _matches(query, known.patient, _PATIENT) and _matches(step, known.step, _STEP) and _fits(step, known, station)
    )


def _matches(keys: Dataset, known: dict[str, str], rules: dict[str, Callable[[str, str], bool]]) -> bool:
    return all(rule(_text(keys, name), known[name]) for name, rule in rules.items() if name in keys)


def _fits(step: Dataset, known: _Known, station: Station) -> bool:
    """Station and modality, where what a device writes into its query is not what it means."""
    item, key = known.item, _text(step, "ScheduledStationAETitle").strip()
    asked = _text(step, "Modality").strip()
    modality = (
        not station.modalities or item.modality in station.modalities
        if asked in ANY_MODALITY
        else text_matches(asked, item.modality)
    )
    return modality and (not key or _is_for(key, item.station, station))


def _is_for(key: str, planned: str, station: Station) -> bool:
    """Whether the step is for the station that a key names."""
    if any(text_matches(key, name) for name in station.names):
        return not planned or planned in station.names
    return bool(planned) and text_matches(key, planned)


def _any_name(key: str, value: str) -> bool:
    return name_matches(key, *value.split("="))


_PATIENT: dict[str, Callable[[str, str], bool]] = {
    "PatientName": _any_name,
    "PatientID": text_matches,
    "PatientBirthDate": date_matches,
    "PatientSex": text_matches,
    "AccessionNumber": text_matches,
    "RequestedProcedureID": text_matches,
    "StudyInstanceUID": uid_matches,
}
_STEP: dict[str, Callable[[str, str], bool]] = {
    "ScheduledProcedureStepStartDate": date_matches,
    "ScheduledProcedureStepStartTime": time_matches,
    "ScheduledProcedureStepID": text_matches,
}


def _known(item: Item, zone: tzinfo, how: Charset, station: str, asking: Station) -> _Known:
    at = moment_of(item, zone)
    return _Known(
        item,
        {
            "PatientName": _both_names(item),
            "PatientID": item.patient_id,
            "PatientBirthDate": item.birth_date.replace("-", ""),
            "PatientSex": SEX[item.sex],
            "AccessionNumber": item.accession,
            "RequestedProcedureID": item.procedure_id,
            "RequestedProcedureDescription": carried(how, item.description, item.modality),
            "StudyInstanceUID": item.study_uid,
            "ReferringPhysicianName": carried(how, item.physician),
        },
        {
            "ScheduledStationAETitle": station if station in asking.names else item.station or asking.names[0],
            "ScheduledProcedureStepStartDate": at.strftime("%Y%m%d") if at else "",
            "ScheduledProcedureStepStartTime": at.strftime("%H%M%S") if at else "",
            "Modality": item.modality,
            "ScheduledProcedureStepID": item.step_id,
            "ScheduledProcedureStepDescription": carried(how, item.description, item.modality),
            "ScheduledPerformingPhysicianName": "",
        },
    )


def _answer(query: Dataset, known: _Known, how: Charset) -> Dataset:
    """Everything asked for, and what is mandatory."""
    answer = _filled(query, {**known.patient, "PatientName": _name(known.item, how)})
    answer.SpecificCharacterSet = how.value
    answer.ScheduledProcedureStepSequence = [_filled(_step(query), known.step)]
    return answer


def _filled(keys: Dataset, known: dict[str, str]) -> Dataset:
    answer = Dataset()
    for element in keys:
        if element.tag.element:  # a group's length is counted anew
            answer.add_new(element.tag, element.VR, [] if element.VR == "SQ" else None)
    for keyword, value in known.items():
        setattr(answer, keyword, value)
    return answer


def _both_names(item: Item) -> str:
    """The name as a query may mean it: in Latin letters and as written."""
    written = _as_written(item)
    return f"{item.latin}={written}" if item.latin and item.latin != written else written


def _name(item: Item, how: Charset) -> str:
    """In Latin letters first, as written behind it where the set carries that (PS3.5 6.2.1)."""
    written = _as_written(item)
    if not written.isascii() and item.latin:
        both = f"{item.latin}={written}"
        return carried(how, both, item.latin, item.patient_id)
    return carried(how, written, item.latin, item.patient_id) or item.patient_id


def _as_written(item: Item) -> str:
    return f"{_part(item.family)}^{_part(item.given)}".rstrip("^")


def _part(words: str) -> str:
    """No letter of a name may part it."""
    return "".join(" " if letter in "^=\\" else letter for letter in words)


def _step(query: Dataset) -> Dataset:
    """What is asked about the step; nothing where the sequence is absent or empty."""
    found = query.get("ScheduledProcedureStepSequence")
    return found[0] if found else Dataset()


def _wanted_station(query: Dataset) -> str:
    return _text(_step(query), "ScheduledStationAETitle").strip()


def _text(keys: Dataset, keyword: str) -> str:
    value = keys.get(keyword)
    if value is None:
        return ""
    return "\\".join(map(str, value)) if _is_several(value) else str(value)


def _is_several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes) and not hasattr(value, "family_name")


def _asked_sets(query: Dataset) -> list[str]:
    value = query.get("SpecificCharacterSet")
    if value is None:
        return []
    return [str(one or "") for one in value] if _is_several(value) else [str(value)]
