"""From one DICOM object to its readings."""

from collections.abc import Callable
from typing import Any

import msgspec
from pydicom.dataset import Dataset

from protocols.dicom import humphrey, iolmaster, lenses, pictures, zeiss
from protocols.dicom.axial import axial
from protocols.dicom.grammar import (
    AXIAL,
    LENS_CALCULATIONS,
    MOST_BYTES,
    PERIMETRY,
    REFRACTIVE,
    REPORTS,
    SIDES,
    TOPOGRAPHY,
)
from protocols.dicom.heading import heading
from protocols.dicom.journal import Journal
from protocols.dicom.keratometry import refractive
from protocols.dicom.level import Level
from protocols.dicom.perimetry import perimetry
from protocols.dicom.report import report
from protocols.dicom.topography import topography
from protocols.dicom_refraction.silence import quiet
from protocols.framing import Unread
from protocols.readings import Biometry, Blob, Document, Image, Integrity, Note, Reading, to_json

Part = tuple[type[Reading], dict[str, Any]]


def readings(dataset: Dataset, integrity: Integrity, blob: Blob) -> list[Reading]:
    """What an object says: first an ``Image`` or a ``Document`` that names the blob, then what was measured.

    ``dataset`` is read with ``stop_before_pixels=True`` (its file meta information may be missing), ``blob`` is the
    file it came from (``application/dicom``). Never decodes a pixel. What has no key stands in ``extra`` of the last
    reading. Raises Unread, and nothing else.
    """
    try:
        with quiet():
            return _readings(dataset, integrity, blob)
    except Unread:
        raise
    except RecursionError:
        raise Unread("Sequences stand in sequences deeper than any object of an eye goes.") from None
    except Exception:  # pydicom raises whatever its decoders raise
        raise Unread("The object is damaged: an attribute cannot be decoded.") from None


def _readings(dataset: Dataset, integrity: Integrity, blob: Blob) -> list[Reading]:
    root = Level(dataset, Journal())
    sop_class = _sop_class(root, dataset)
    top = {"integrity": integrity} | heading(root)
    shown = pictures.image if pictures.is_picture(root, sop_class) else pictures.document
    file: Part = shown(root, sop_class, blob)
    values = _measured(root, sop_class)
    return [_bounded(reading) for reading in _told(root, top, [_sided(file, values), *values])]


def _sop_class(root: Level, dataset: Dataset) -> str:
    meta = Level(getattr(dataset, "file_meta", None) or Dataset(), root.journal)
    found = root.text("SOPClassUID") or meta.text("MediaStorageSOPClassUID")
    if found is None:
        raise Unread(
            "A data set that does not say of which class it is: no DICOM object, or one cut off at its beginning."
        )
    return found


def _sided(file: Part, values: list[Part]) -> Part:
    """A document without an attribute for the eye is of the eyes it holds values of."""
    kind, keys = file
    eyes = [side for side in SIDES if any(side in told for _, told in values)]
    if kind is Image or keys["laterality"] or not eyes:
        return file
    return kind, keys | {"laterality": eyes[0] if len(eyes) == 1 else "both"}


def _bounded(reading: Reading) -> Reading:
    """A reading that would not fit into a message leaves what has no key to the file."""
    if len(to_json(reading)) <= MOST_BYTES:
        return reading
    cut = Note(code="extra_cut", text="What has no key would be too long for a message; it stays in the file only.")
    return msgspec.structs.replace(reading, extra={}, notes=(*reading.notes, cut))


def _measured(root: Level, sop_class: str) -> list[Part]:
    """By the class, and by the private groups that stand in reports and captures of any class."""
    iolmaster.keep(root)
    if sop_class in REFRACTIVE:
        return list(refractive(root, sop_class))
    read = _READERS.get(sop_class)
    parts: list[Part] = list(read(root)) if read else []
    return parts + _iolmaster(root) + list(humphrey.fields(root))


def _iolmaster(root: Level) -> list[Part]:
    block = zeiss.block(root)
    eyes = zeiss.eyes(block)
    root.keep("iol_calculations", zeiss.calculations(block))
    return [(Biometry, {"method": "optical"} | eyes)] if eyes else []


def _calculated(root: Level) -> list[Part]:
    """Formulas and lenses have no kind: they stand beside the document."""
    root.keep("iol_calculations", lenses.calculations(root))
    return []


_READERS: dict[str, Callable[[Level], Any]] = {
    AXIAL: axial,
    LENS_CALCULATIONS: _calculated,
    PERIMETRY: perimetry,
    TOPOGRAPHY: topography,
    **dict.fromkeys(REPORTS, report),
}


def _told(root: Level, top: dict[str, Any], parts: list[Part]) -> list[Reading]:
    """Notes and leftovers go with the values where there are any; the scale of a picture stays with the picture."""
    picture = {name: value for name in _OF_THE_PICTURE if (value := root.kept.pop(name, None))}
    uid = {"SOPInstanceUID": said} if (said := root.text("SOPInstanceUID")) else {}
    rest = root.rest()
    last = len(parts) - 1
    told: list[Reading] = []
    for at, (kind, keys) in enumerate(parts):
        extra = uid | (picture if kind in (Image, Document) else {}) | (rest if at == last else {})
        notes = tuple(root.journal.notes) if at == last else ()
        told.append(kind(**top, **keys, extra=extra, notes=notes))
    return told


_OF_THE_PICTURE = ("pixel_spacing_mm",)
