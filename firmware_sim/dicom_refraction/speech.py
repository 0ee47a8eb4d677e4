"""How an exporting instrument makes its files; written from the wire page, not from the decoder."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

Syntax = Literal["implicit", "explicit", "big"]
SYNTAXES: dict[Syntax, str] = {
    "implicit": "1.2.840.10008.1.2",
    "explicit": "1.2.840.10008.1.2.1",
    "big": "1.2.840.10008.1.2.2",
}
ROOT = "1.2.826.0.1.3680043.10.1521"  # of nobody in particular


def figure(value: Decimal | int) -> str:
    """What a screen shows of a double: no more places than it needs, and one at least."""
    return repr(float(value))


def power(sphere: Decimal, cylinder: Decimal, axis: int) -> Dataset:
    """An item with sphere and, unless it is zero, cylinder."""
    item = Dataset()
    item.SpherePower = float(sphere)
    if cylinder:
        inner = Dataset()
        inner.CylinderPower, inner.CylinderAxis = float(cylinder), float(axis)
        item.CylinderSequence = [inner]
    return item


def addition(value: Decimal) -> Dataset:
    """An item of an addition, for reading at 40 cm."""
    item = Dataset()
    item.AddPower, item.ViewingDistance = float(value), 40.0
    return item


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """An item of a code sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def stamped(item: Dataset, at: datetime, zone: str) -> None:
    """When it was measured, as the instrument's clock says."""
    item.StudyDate = item.ContentDate = f"{at:%Y%m%d}"
    item.StudyTime = item.ContentTime = f"{at:%H%M%S}"
    if zone:
        item.TimezoneOffsetFromUTC = zone


def file(item: Dataset, syntax: Syntax, *, preamble: bool) -> bytes:
    """The file as it lies in the folder; without preamble, only the data set."""
    target, little = io.BytesIO(), syntax != "big"
    if preamble:
        item.file_meta = _meta(item, syntax)
        dcmwrite(target, item, enforce_file_format=True)
    else:
        dcmwrite(target, item, implicit_vr=syntax == "implicit", little_endian=little)
    return target.getvalue()


def _meta(item: Dataset, syntax: Syntax) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = item.SOPClassUID
    meta.MediaStorageSOPInstanceUID = item.SOPInstanceUID
    meta.TransferSyntaxUID = UID(SYNTAXES[syntax])
    meta.ImplementationClassUID = UID(f"{ROOT}.1")
    return meta
