"""What a JPEG says of itself before its pixels: ISO/IEC 10918-1, annex B."""

from collections.abc import Iterator
from typing import NamedTuple

from protocols.pictures.damaged import Damaged
from protocols.pictures.tables import SEGMENT

BEGINS = b"\xff\xd8\xff"
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RST0-7, SOI: markers without a length
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _ENDS, _TABLES, _BASELINE = 0xDA, 0xD9, 0xC4, 0xC0


class Jpeg(NamedTuple):
    """Rows, columns, components; ``process`` is the low byte of its frame marker, C0 for baseline."""

    rows: int
    columns: int
    components: int
    process: int
    has_tables: bool


def facts(data: bytes) -> Jpeg:
    """The facts of a whole JPEG. Raises Damaged for what is none, is cut off or has no size."""
    if not data.startswith(BEGINS):
        raise Damaged("This is no JPEG.")
    if data.rstrip(b"\x00")[-2:] != b"\xff\xd9":
        raise Damaged("The picture is cut off.", len(data))
    try:
        return _facts(data)
    except IndexError:
        raise Damaged("The picture is cut off.", len(data)) from None


def completed(data: bytes) -> bytes:
    """With the tables of annex K in front of its scan where a baseline JPEG brings none; any other as it is."""
    try:
        found, scan = facts(data), next(at for marker, at in _parts(data) if marker == _SCAN)
    except (Damaged, StopIteration):
        return data
    if found.has_tables or found.process != _BASELINE:
        return data
    return data[: scan - 2] + SEGMENT + data[scan - 2 :]


def _facts(data: bytes) -> Jpeg:
    at, frame, has_tables = 2, None, False
    for marker, at in _parts(data):
        has_tables = has_tables or marker == _TABLES
        if marker in _FRAMES:
            frame = Jpeg(
                int.from_bytes(data[at + 3 : at + 5], "big"),
                int.from_bytes(data[at + 5 : at + 7], "big"),
                *(data[at + 7], marker, False),
            )
    if frame is None or not frame.rows or not frame.columns:
        raise Damaged("The picture does not say how large it is.", at)
    return frame._replace(has_tables=has_tables)


def _parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker up to the scan, and where what belongs to it begins. Raises Damaged, IndexError."""
    at = 2
    while True:
        marker, at = _marker(data, at)
        if marker in _ALONE:
            continue
        yield marker, at
        if marker in (_SCAN, _ENDS):
            return
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2:
            raise Damaged("A part of the picture has no length.", at)
        at += length


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at] != 0xFF:
        raise Damaged("Where a part of the picture should begin there is something else.", at)
    while data[at] == 0xFF:  # fill bytes are allowed
        at += 1
    return data[at], at + 1
