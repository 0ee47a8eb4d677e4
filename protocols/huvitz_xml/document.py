"""One ``datalab``: refraction, cornea, pressure and thickness, every value under a name of its own.

    datalab{ patient, date "2022/04/26", version,
      ref{ rrs rrc rra rrp | rls rlc rla rlp }      right and left sphere, cylinder, axis, pupillary distance
      ker{ krr1 krr2 krax  | klr1 klr2 klax }       radii in mm, axis of the first
      tono{ tr01… tr | tl01… tl }   pachy{ pr01… pr | pl01… pl }      single ones, then the average
      misc{ … } }

Export quoted by Rufus @70a2597 ``procedures.cpp``, with a backslash in every end tag (protocols/xml/mending.py). The
document names neither maker nor model.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from protocols.framing import Event, Recognition, Unread
from protocols.framing.margin import integrity
from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    IopReading,
    Keratometry,
    KeratometryEye,
    Meridian,
    Pachymetry,
    PachymetryEye,
    PachymetryReading,
    Pd,
    Reading,
    Tonometry,
    TonometryEye,
)
from protocols.xml import Document, Documents, Element, Margin
from protocols.xml import decode as decode_documents
from protocols.xml import read as read_xml
from protocols.xml.heading import Heading, counted, instrument, measured_at, noted
from protocols.xml.optics import part, present
from protocols.xml.recognition import judged

DIALECT = "huvitz_xml"
ROOT = "datalab"
_SIDES = {"r": "right", "l": "left"}
_BLOCKS = ("ref", "ker", "tono", "pachy")
_COMMON = ("patient", "date", "version", *_BLOCKS)


def Decoder() -> Documents:  # noqa: N802 - a dialect's decoder, made without arguments
    """A decoder for one wire or folder."""
    return Documents((ROOT,), read, "XML with the root element datalab.")


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file or capture, and nothing more is coming."""
    return decode_documents(Decoder(), data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture by the best that stands in it."""
    return judged(decode(data), Decoder(), ROOT)


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of one document. Raises Unread."""
    document = read_xml(raw)
    top = _heading(document, raw)
    readers: tuple[tuple[type[Reading], str, Callable[[Element, Margin], dict[str, Any]]], ...] = (
        (Autorefraction, "ref", _refraction),
        (Keratometry, "ker", _corneas),
        (Tonometry, "tono", _pressures),
        (Pachymetry, "pachy", _thicknesses),
    )
    readings: list[Reading] = []
    for kind, name, read_block in readers:
        block, margin = document.root.get(name), Margin()
        keys = read_block(block, margin) if block is not None else {}
        if keys:
            readings.append(kind(**top.keys(margin), **keys))
    if not readings:
        raise Unread("The document is whole, but it holds no measurement.")
    return tuple(readings)


def _heading(document: Document, raw: bytes) -> Heading:
    root, margin = document.root, noted(document.notes)
    number, whose = counted(root.said("patient"), margin)
    margin.keep_rest("", root, _COMMON)
    return Heading(
        instrument=instrument(DIALECT, "", "", root.said("version"), margin),
        integrity=integrity(raw),
        measured_at=measured_at(root.said("date"), "", margin),
        print_number=number,
        patient_ref=whose,
        margin=margin,
    )


def _refraction(block: Element, margin: Margin) -> dict[str, Any]:
    eyes: dict[str, Any] = {}
    for letter, side in _SIDES.items():
        powers = {"sphere": "s", "cylinder": "c"}
        keys = present(
            **{key: _figure(block, f"r{letter}{name}", margin) for key, name in powers.items()},
            axis=margin.axis(block.get(f"r{letter}a"), f"ref/r{letter}a"),
        )
        if keys:
            eyes[side] = AutorefractionEye(**keys)
    margin.keep_rest("ref", block, [f"r{letter}{name}" for letter in _SIDES for name in "scap"])
    return present(pd=_pd(block, margin)) | eyes


def _pd(block: Element, margin: Margin) -> Pd | None:
    """The one distance of both pupils, repeated for each eye."""
    told = [value for letter in _SIDES if (value := _figure(block, f"r{letter}p", margin))]
    if len(set(told)) > 1:
        margin.keep("ref/rrp, ref/rlp", [str(value) for value in told])
        margin.note("unreadable_field", "Two different pupillary distances are told; none is chosen.")
        return None
    return Pd(far=told[0]) if told else None


def _corneas(block: Element, margin: Margin) -> dict[str, Any]:
    found = {side: _cornea(block, letter, margin) for letter, side in _SIDES.items()}
    margin.keep_rest("ker", block, [f"k{letter}{name}" for letter in _SIDES for name in ("r1", "r2", "ax")])
    return present(**found)


def _cornea(block: Element, letter: str, margin: Margin) -> KeratometryEye | None:
    axis = margin.axis(block.get(f"k{letter}ax"), f"ker/k{letter}ax")
    first = present(radius_mm=_figure(block, f"k{letter}r1", margin))
    second = present(radius_mm=_figure(block, f"k{letter}r2", margin))
    if not first and not second:
        return None
    return KeratometryEye(r1=part(Meridian, first | present(axis=axis)), r2=part(Meridian, second))


def _pressures(block: Element, margin: Margin) -> dict[str, Any]:
    eyes: dict[str, Any] = {}
    for letter, side in _SIDES.items():
        average, single = _series(block, f"t{letter}", margin)
        if average is not None or single:
            eyes[side] = TonometryEye(iop_mmhg=average, readings=tuple(IopReading(iop_mmhg=one) for one in single))
    _keep_rest(block, "t", margin)
    return eyes


def _thicknesses(block: Element, margin: Margin) -> dict[str, Any]:
    eyes: dict[str, Any] = {}
    for letter, side in _SIDES.items():
        average, single = _series(block, f"p{letter}", margin)
        if average is not None or single:
            eyes[side] = PachymetryEye(cct_um=average, readings=tuple(PachymetryReading(cct_um=one) for one in single))
    _keep_rest(block, "p", margin)
    return eyes


def _series(block: Element, name: str, margin: Margin) -> tuple[Decimal | None, list[Decimal]]:
    """The instrument's average, and the single values in the order of their numbers."""
    numbered = [child for child in block.children if re.fullmatch(rf"{name}\d\d", child.name)]
    numbered.sort(key=lambda child: child.name)
    single = [margin.figure(child, f"{block.name}/{child.name}") for child in numbered]
    return _figure(block, name, margin), [value for value in single if value is not None]


def _keep_rest(block: Element, letter: str, margin: Margin) -> None:
    known = [child.name for child in block.children if re.fullmatch(rf"{letter}[rl](?:\d\d)?", child.name)]
    margin.keep_rest(block.name, block, known)


def _figure(block: Element, name: str, margin: Margin) -> Decimal | None:
    return margin.figure(block.get(name), f"{block.name}/{name}")
