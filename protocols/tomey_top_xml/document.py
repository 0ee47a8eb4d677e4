"""One ``Measurement``: pressure and thickness of both eyes.

    Measurement[iop_unit, cct_unit]{ Company, Model, PatientID, DateTime "2020-12-04_17-24-30",
      Eye[type=OD|OS]*{ IOP[quality=Normal|Low]*, IOPAvg, CCT, CIOP } }      --.- is none

Export quoted by Rufus @70a2597 ``procedures.cpp``. It ends behind the second eye, without the end tag of its root:
whether the instrument or the quotation lost it is not known. With both eyes closed nothing more can be missing, so
that it is read, and told; with one eye it is refused, for the other may have been cut off.
"""

import re
from decimal import Decimal
from typing import Any

from protocols.framing import Event, Recognition, Unread
from protocols.framing.margin import integrity
from protocols.readings import (
    CorrectedIop,
    IopReading,
    Note,
    Pachymetry,
    PachymetryEye,
    Reading,
    Tonometry,
    TonometryEye,
)
from protocols.xml import Document, Documents, Element, Margin
from protocols.xml import decode as decode_documents
from protocols.xml import read as read_xml
from protocols.xml.heading import Heading, counted, instrument, measured_at, noted
from protocols.xml.optics import micrometres, part, present
from protocols.xml.recognition import judged

DIALECT = "tomey_top_xml"
ROOT = "Measurement"
_SIDES = {"OD": "right", "OS": "left"}
_NONE = re.compile(r"-+(?:\.-+)?")
_ENDLESS = Note(code="end_missing", text="The document lacks the end tag of its root; both eyes in it are whole.")


def Decoder() -> Documents:  # noqa: N802 - a dialect's decoder, made without arguments
    """A decoder for one wire or folder."""
    return Documents((ROOT,), read, "XML with the root element Measurement.")


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file or capture, and nothing more is coming."""
    return decode_documents(Decoder(), data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture by the best that stands in it."""
    return judged(decode(data), Decoder(), ROOT)


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of one document. Raises Unread."""
    document = _document(raw)
    root = document.root
    if root.attribute("iop_unit") != "mmHg":
        raise Unread("The pressures are not said to be in mmHg.")
    top, pressure, thickness = _heading(document, raw), Margin(), Margin()
    puffed = _eyes(root, lambda eye, tag: _pressure(eye, tag, root, pressure))
    measured = _eyes(root, lambda eye, tag: _thickness(eye, tag, root, thickness))
    readings: list[Reading] = []
    if puffed:
        readings.append(Tonometry(**top.keys(pressure), **puffed))
    if measured:
        readings.append(Pachymetry(**top.keys(thickness), **measured))
    if not readings:
        raise Unread("The document is whole, but it holds no measurement.")
    return tuple(readings)


def _document(raw: bytes) -> Document:
    try:
        return read_xml(raw)
    except Unread:
        completed = _completed(raw)
        if completed is None:
            raise
        return completed


def _completed(raw: bytes) -> Document | None:
    """The document with the end tag it lacks; nothing where more is missing than that."""
    if not raw.rstrip().endswith(b"</Eye>"):
        return None
    try:
        found = read_xml(raw + b"</Measurement>")
    except Unread:
        return None
    whole = {eye.attribute("type") for eye in found.root.each("Eye")} == set(_SIDES)
    return Document(found.root, (*found.notes, _ENDLESS)) if whole else None


def _heading(document: Document, raw: bytes) -> Heading:
    root, margin = document.root, noted(document.notes)
    date, _, time = root.said("DateTime").partition("_")
    number, whose = counted(root.said("PatientID"), margin)
    margin.keep_rest("", root, ("Company", "Model", "PatientID", "DateTime", "Eye"))
    return Heading(
        instrument=instrument(DIALECT, root.said("Company"), root.said("Model"), "", margin),
        integrity=integrity(raw),
        measured_at=measured_at(date, time, margin),
        print_number=number,
        patient_ref=whose,
        margin=margin,
    )


def _eyes(root: Element, read_eye: Any) -> dict[str, Any]:
    found = {_SIDES[eye.attribute("type")]: eye for eye in root.each("Eye") if eye.attribute("type") in _SIDES}
    values = {side: read_eye(eye, eye.attribute("type")) for side, eye in found.items()}
    return {side: value for side, value in values.items() if value is not None}


def _pressure(eye: Element, tag: str, root: Element, margin: Margin) -> TonometryEye | None:
    puffs = [_puff(one, f"{tag}/IOP", margin) for one in eye.each("IOP")]
    keys = present(
        iop_mmhg=_figure(eye.get("IOPAvg"), f"{tag}/IOPAvg", margin),
        readings=tuple(puff for puff in puffs if puff is not None) or None,
        corrected=_corrected(eye, tag, root, margin),
    )
    margin.keep_rest(tag, eye, ("IOP", "IOPAvg", "CCT", "CIOP"))
    return part(TonometryEye, keys)


def _puff(one: Element, tag: str, margin: Margin) -> IopReading | None:
    """``Low`` is a puff that the instrument doubts."""
    quality, value = one.attribute("quality"), _figure(one, tag, margin)
    if quality not in ("Normal", "Low", ""):
        margin.keep(f"{tag}@quality", quality)
    return IopReading(iop_mmhg=value, doubtful=quality == "Low") if value is not None else None


def _corrected(eye: Element, tag: str, root: Element, margin: Margin) -> CorrectedIop | None:
    value = _figure(eye.get("CIOP"), f"{tag}/CIOP", margin)
    return CorrectedIop(iop_mmhg=value, cct_um=_micrometres(eye, tag, root, Margin())) if value is not None else None


def _thickness(eye: Element, tag: str, root: Element, margin: Margin) -> PachymetryEye | None:
    return part(PachymetryEye, present(cct_um=_micrometres(eye, tag, root, margin)))


def _micrometres(eye: Element, tag: str, root: Element, margin: Margin) -> Decimal | None:
    unit, value = root.attribute("cct_unit"), _figure(eye.get("CCT"), f"{tag}/CCT", margin)
    if value is None or unit == "um":
        return value
    if unit == "mm":
        return micrometres(value)
    margin.unreadable(f"{tag}/CCT", eye.said("CCT"))
    return None


def _figure(element: Element | None, tag: str, margin: Margin) -> Decimal | None:
    """Dashes are no measurement and nothing to tell."""
    if element is None or _NONE.fullmatch(element.text):
        return None
    return margin.figure(element, tag)
