"""From the bytes of one ``Data`` document to its readings: one a kind, a ring and a correction."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from protocols.framing import Unread
from protocols.framing.margin import integrity
from protocols.nidek_xml import acuity, keratometry, refraction, tonometry
from protocols.readings import (
    Autorefraction,
    Keratometry,
    Lensmetry,
    Pachymetry,
    Reading,
    SubjectiveRefraction,
    Tonometry,
    VisualAcuity,
)
from protocols.xml import Document, Element, Margin
from protocols.xml import read as read_xml
from protocols.xml.heading import Heading, instrument, measured_at, noted, patient

DIALECT = "nidek_xml"
ROOT = "Data"

Reader = Callable[[Element, Margin], Iterator[dict[str, Any]]]

READERS: tuple[tuple[type[Reading], Reader], ...] = (
    (Autorefraction, refraction.objective),
    (SubjectiveRefraction, refraction.subjective),
    (VisualAcuity, acuity.read),
    (Lensmetry, refraction.lenses),
    (Keratometry, keratometry.read),
    (Tonometry, tonometry.pressures),
    (Pachymetry, tonometry.thicknesses),
)
_COMMON = ("Company", "ModelName", "ROMVersion", "Date", "Time", "Patient", "R", "L", "PD", "VD", "WorkingDistance")
_KNOWN = (*_COMMON, "RefractiveIndex")
_EYE = ("AR", "VA", "SR", "LM", "KM", "CS", "PS", "NT", "PACHY")


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of one document. Raises Unread."""
    document = read_xml(raw)
    if document.root.name != ROOT:
        raise Unread("The root of the document is not Data.")
    top = _heading(document, raw)
    readings = tuple(_readings(document.root, top))
    if not readings:
        raise Unread("The document is whole, but it holds no measurement.")
    return (_with_rest(readings[0], document.root), *readings[1:])


def _readings(root: Element, top: Heading) -> Iterator[Reading]:
    for kind, read_kind in READERS:
        margin = Margin()
        for keys in read_kind(root, margin):
            yield kind(**top.keys(margin), **keys)
            margin = Margin()


def _heading(document: Document, raw: bytes) -> Heading:
    root, margin = document.root, noted(document.notes)
    number = root.said("Patient/No.")
    margin.keep_rest("", root, _KNOWN)
    margin.keep_rest("Patient", root.get("Patient"), ("No.", "ID"))
    return Heading(
        instrument=instrument(
            DIALECT, root.said("Company") or "NIDEK", root.said("ModelName"), root.said("ROMVersion"), margin
        ),
        integrity=integrity(raw),
        measured_at=measured_at(root.said("Date"), root.said("Time"), margin),
        print_number=number or None,
        patient_ref=patient(number, root.said("Patient/ID"), margin),
        margin=margin,
    )


def _with_rest(reading: Reading, root: Element) -> Reading:
    """What the eyes hold besides: accommodation, retroillumination, and what nobody has described to us."""
    margin = Margin()
    for side in ("R", "L"):
        margin.keep_rest(side, root.get(side), _EYE)
    return msgspec.structs.replace(reading, extra={**reading.extra, **margin.extra})
