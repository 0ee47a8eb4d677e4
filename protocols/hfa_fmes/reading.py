"""What the file says of the field. The labels are a clerk's; the figures stand on the printed page only."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protocols import xml
from protocols.framing import Unread
from protocols.hfa_fmes.pictures import pictures
from protocols.labelled import Heading, moment
from protocols.readings import (
    Blob,
    Image,
    Instrument,
    Integrity,
    PatientRef,
    Reading,
    VisualField,
    VisualFieldEye,
)
from protocols.xml import Element

ROOT = "MeasurementVisualFieldHumphrey"
MEDIA_TYPE = "application/xml"
DIALECT = "hfa_fmes"
MAKER, MODEL = "Zeiss", "Humphrey Field Analyzer"
EYES = {"R": "right", "L": "left"}
_TEST = re.compile(r"\b(\d{2}-\d)\b")
_FRACTION = re.compile(r"\.\d+$")


def readings(raw: bytes) -> tuple[Reading, ...]:
    """The field and every picture of it. Raises Unread."""
    said = labels(raw)
    return (_field(raw, said), *(_picture(said, one.part, one.blob()) for one in pictures(raw)))


def of_file(path: Path, about: Mapping[str, str]) -> list[Reading]:
    """A file, or a picture out of one, of which ``about`` knows the labels. Raises Unread or OSError."""
    if about["media_type"].startswith("image/"):
        blob = Blob(sha256=about["sha256"], bytes=int(about["bytes"]), media_type=about["media_type"])
        return [_picture(about, about.get("part", "page"), blob)]
    raw = path.read_bytes()
    return [_field(raw, labels(raw))]


def labels(raw: bytes) -> dict[str, str]:
    """Eye, moment, test, strategy and patient as the file says them, without what is empty. Raises Unread."""
    root = xml.read(raw).root
    if root.name != ROOT:
        raise Unread(f"The root of the document is not {ROOT}.")
    said = {
        "eye": EYES.get(_value(root, "eye"), ""),
        "measured_at": moment(_FRACTION.sub("", _value(root, "study_datetime"))) or "",
        "pattern": _value(root, "pattern"),
        "strategy": _value(root, "strategy"),
        "patient_id": _value(root, "patient_id"),
    }
    return {name: value for name, value in said.items() if value}


def _field(raw: bytes, said: Mapping[str, str]) -> VisualField:
    if "eye" not in said:
        raise Unread("The file names no eye.")
    heading = Heading(raw, DIALECT, maker=MAKER, model=MODEL)
    heading.measured_at, heading.patient_ref = said.get("measured_at"), _who(said)
    heading.keep("pattern", said.get("pattern", ""))
    heading.note(
        "labels_only", "Test and strategy are labels of the file; the printed page may say otherwise. Look at it."
    )
    test = _TEST.search(said.get("pattern", ""))
    eye: dict[str, Any] = {said["eye"]: VisualFieldEye()}
    return VisualField(**heading.keys(), test=test[1] if test else None, strategy=said.get("strategy"), **eye)


def _picture(said: Mapping[str, str], part: str, blob: Blob) -> Image:
    side: Any = said.get("eye")
    return Image(
        instrument=Instrument(maker=MAKER, model=MODEL, dialect=DIALECT),
        integrity=Integrity(checksum="none", raw_sha256=blob.sha256),
        measured_at=said.get("measured_at"),
        patient_ref=_who(said),
        blob=blob,
        modality="OPV",
        laterality=side,
        view=f"print-out, {part}",
    )


def _who(said: Mapping[str, str]) -> PatientRef | None:
    return PatientRef(id=said["patient_id"]) if said.get("patient_id") else None


def _value(root: Element, name: str) -> str:
    found = root.get(name)
    return found.attribute("value") if found is not None else ""
