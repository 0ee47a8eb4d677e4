"""The headers of a file, for whoever asks the viewer for them: every attribute as a line, sequences indented."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from pydicom import dcmread
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from protocols.dicom import iolmaster, zeiss
from protocols.dicom.block import Block, creator_of
from protocols.dicom.grammar import DEEPEST
from protocols.dicom.journal import Journal
from protocols.dicom.level import Level
from protocols.dicom.plain import cleaned
from protocols.dicom_refraction.silence import quiet

MOST_LINES = 5000
_MOST_VALUES = 16
_LONGEST_BYTES = 32
_KNOWN = {(zeiss.GROUP, zeiss.CREATOR): zeiss.FIELDS} | {
    (group, creator): fields for group, creator, fields in iolmaster.BLOCKS.values()
}


class Header(NamedTuple):
    """One attribute, ``depth`` sequences deep: ``(0010,0020)``, its keyword, how it is written, its text.

    A private attribute has its maker's word instead of the standard's keyword, and ours behind it where we know one.
    """

    depth: int
    tag: str
    keyword: str
    vr: str
    text: str


def read(file: BinaryIO) -> list[Header]:
    """The headers of a whole file. Raises what pydicom raises for bytes that are no DICOM."""
    with quiet():
        dataset = dcmread(file, stop_before_pixels=True)
    return headers(dataset)


def headers(dataset: Dataset) -> list[Header]:
    """File meta information first, then the data set, at most MOST_LINES lines. Never raises, decodes no pixel.

    A sequence says how many items it has; a long binary value says its length.
    """
    found: list[Header] = []
    with quiet():
        for part in (getattr(dataset, "file_meta", None), dataset):
            for line in _lines(part, 0) if part is not None else ():
                if len(found) >= MOST_LINES:
                    return found
                found.append(line)
    return found


def _lines(dataset: Dataset, depth: int) -> Iterator[Header]:
    for tag in sorted(dataset.keys()):
        where = f"({tag.group:04X},{tag.element:04X})"
        try:
            element = dataset[tag]
            yield _private(dataset, tag, where, depth) or Header(
                depth, where, element.keyword, str(element.VR), _text(element)
            )
        except Exception:  # pydicom raises whatever its decoders raise
            yield Header(depth, where, "", "", "cannot be decoded")
            continue
        if isinstance(element.value, Sequence) and depth < DEEPEST:
            for at, item in enumerate(element.value, 1):
                yield Header(depth + 1, "", "", "", f"item {at}")
                yield from _lines(item, depth + 1)


def _private(dataset: Dataset, tag: BaseTag, where: str, depth: int) -> Header | None:
    """With implicit representation a private value is bytes; the blocks we know are read."""
    creator = creator_of(dataset, tag) if tag.is_private else None
    if creator is None:
        return None
    element, fields = dataset[tag], _KNOWN.get((tag.group, creator), {})
    field = fields.get(tag.element & 0xFF)
    if field is None:
        return Header(depth, where, cleaned(creator), str(element.VR), _text(element))
    block = Block(Level(dataset, Journal()), tag.group, creator, fields)
    text = block.text(tag.element & 0xFF) if isinstance(element.value, bytes) else None
    vr = field.vr if text else str(element.VR)
    return Header(depth, where, f"{cleaned(creator)} {field.name}", vr, text or _text(element))


def _text(element: DataElement) -> str:
    value = element.value
    if isinstance(value, Sequence):
        return "1 item" if len(value) == 1 else f"{len(value)} items"
    if isinstance(value, bytes):
        return value.hex(" ") if len(value) <= _LONGEST_BYTES else f"{len(value)} bytes"
    if isinstance(value, MultiValue | list):
        more = f" … ({len(value)} values)" if len(value) > _MOST_VALUES else ""
        return "\\".join(cleaned(one) for one in value[:_MOST_VALUES]) + more
    return cleaned(value) if value is not None else ""
