"""Bytes into attributes and back: the only place that touches pydicom's readers and writers of files.

pydicom is generous: it warns about damage, quotes what it saw, and goes on. Here damage is a refusal, and nothing
that an object says (it names a patient) reaches a log or the standard error stream.
"""

import io
from typing import Any

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import UID

from protocols.dicom_refraction.grammar import EXPLICIT, MAX_OBJECT, MODALITIES, PREFIX, PREFIX_AT, SYNTAXES
from protocols.framing import Unread

# Ours, made once from a random UUID as PS3.5 B.2 allows.
IMPLEMENTATION_UID = "2.25.307297206171545806805925162728496871928"
IMPLEMENTATION_NAME = "EMMETRA"

_UNDEFINED = 0xFFFFFFFF


def parsed(raw: bytes) -> tuple[str, Dataset]:
    """The SOP class and the attributes of one object. Raises Unread, and within damage whatever pydicom raises."""
    file = _Whole(raw)
    file.seek(PREFIX_AT + len(PREFIX) if raw[PREFIX_AT:].startswith(PREFIX) else 0)
    meta = whole(read_dataset(file, False, True, stop_when=lambda tag, vr, length: tag.group != 2))
    _refuse_class(meta.get("MediaStorageSOPClassUID"))
    implicit, little = _syntax(meta.get("TransferSyntaxUID"))
    if len(raw) > MAX_OBJECT:
        raise Unread(f"The object is longer than {MAX_OBJECT} bytes, which no refractive object is.")
    dataset = whole(read_dataset(file, implicit, little, stop_when=_Ascending()))
    if file.tell() != len(raw):
        raise Unread("The object ends before its bytes do.", file.tell())
    found = dataset.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID")
    _refuse_class(found)
    return _known_class(found), dataset


def whole(dataset: Dataset) -> Dataset:
    """The same data set, when every value has the length it says. Raises Unread."""
    for element in dataset.elements():
        length, value = getattr(element, "length", _UNDEFINED), getattr(element, "value", None)
        if length != _UNDEFINED and isinstance(value, bytes | None) and length > len(value or b""):
            raise Unread("The object breaks off inside an attribute.")
    return dataset


def serialised(dataset: Dataset) -> bytes:
    """A Part 10 file in Explicit VR Little Endian."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = UID(EXPLICIT)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_NAME
    dataset.file_meta = meta
    file = io.BytesIO()
    dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


class _Whole(io.BytesIO):
    """Refuses to hand over a part of what was asked for: there the file was cut off."""

    def read(self, size: int | None = -1) -> bytes:
        at = self.tell()
        data = super().read(size)
        if size is not None and 0 < len(data) < size:
            raise Unread("The object breaks off inside an attribute.", at)
        return data


class _Ascending:
    """Asked before every attribute; tags that fall back are two objects run together, and would become a mixture."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self, tag: BaseTag, vr: str | None, length: int) -> bool:
        if tag < self._last:
            raise Unread("The attributes are not in ascending order: the object is damaged, or two run together.")
        self._last = tag
        return False


def _refuse_class(said: Any) -> None:
    if said is None:
        return
    if not isinstance(said, UID) or str(said) not in MODALITIES:
        raise Unread(f"A DICOM object, but no refractive measurement: {_named(said)}.")


def _known_class(said: Any) -> str:
    if said is None:
        raise Unread("A DICOM object that does not say of which class it is.")
    return str(said)


def _named(said: Any) -> str:
    """The standard's name of a class; a class without one is not quoted."""
    name = said.name if isinstance(said, UID) else ""
    return name if name and name != str(said) else "a class that the standard does not name"


def _syntax(said: Any) -> tuple[bool, bool]:
    """How the attributes are written; without a word about it the first attribute itself shows it."""
    if said is None:
        return True, True
    try:
        return SYNTAXES[str(said)]
    except KeyError:
        raise Unread("The object is compressed or written in a syntax that no refractive object needs.") from None
