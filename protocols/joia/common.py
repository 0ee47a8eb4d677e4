"""Common: who measured, when, which print-out, which patient."""

from protocols.framing.margin import integrity
from protocols.readings import PatientRef
from protocols.xml import Document, Element, Margin
from protocols.xml.heading import Heading, instrument, measured_at, noted, patient

_KNOWN = ("Company", "ModelName", "ROMVersion", "Date", "Time", "Patient", "Operator")
_NAMES = ("LastName", "FirstName", "MiddleName")
_PATIENT = ("No.", "No", "ID", "DOB", *_NAMES)


def heading(document: Document, raw: bytes, dialect: str) -> Heading:
    """The common part of every reading; a fragment without it is told by the note that nobody is named."""
    margin = noted(document.notes)
    found = next((child for child in document.root.children if child.name == "Common"), None)
    common = found if found is not None else Element("Common", "", {})
    margin.keep_rest("", common, _KNOWN)
    margin.keep_element("Operator", common.get("Operator"))
    margin.keep_rest("Patient", common.get("Patient"), _PATIENT)
    said = common.said
    number = said("Patient/No.") or said("Patient/No")  # the RT-6100 leaves the full stop out
    return Heading(
        instrument=instrument(dialect, said("Company"), said("ModelName"), said("ROMVersion"), margin),
        integrity=integrity(raw),
        measured_at=measured_at(said("Date"), said("Time"), margin),
        print_number=number or None,
        patient_ref=_patient(common, number, margin),
        margin=margin,
    )


def _patient(common: Element, number: str, margin: Margin) -> PatientRef | None:
    last, *others = (common.said(f"Patient/{name}") for name in _NAMES)
    name = ", ".join(part for part in (last, " ".join(filter(None, others))) if part)
    return patient(number, common.said("Patient/ID"), margin, name=name, birth=common.said("Patient/DOB"))
