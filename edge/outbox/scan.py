"""Finds rows of the journal in the bare bytes of a file, whether or not SQLite can still open it.

Every row carries a checksum over all its fields, so whatever looks like a row and verifies is one.
Layout: sqlite.org/fileformat2.html, sections 1.5 to 1.6 (leaf pages, cells, overflow), 2.1 (records), 4 (WAL).
"""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from edge.outbox.rows import Row
from edge.outbox.schema import PAGE

TABLE_LEAF = 0x0D
WAL_HEADER, FRAME_HEADER = 32, 24
LOCAL_MAX = PAGE - 35
LOCAL_MIN = (PAGE - 12) * 32 // 255 - 23
WIDTHS = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}

Pages = Mapping[int, bytes]


def rows_in(database: Path) -> list[Row]:
    """Every sound row in a database file and its write-ahead log, in order, each once."""
    main = _pages(database)
    frames = [(number, page) for number, page, _, _ in _frames(_beside(database))]
    views = (main | dict(frames), main)
    found = {row for number, page in (*main.items(), *frames) for row in _rows(number, page, views)}
    return sorted(found, key=lambda row: (row.seq, row.ts_gw))


def committed_in_wal(database: Path, beyond: int) -> list[Row]:
    """Sound rows numbered above ``beyond`` in the committed part of the log, even behind a torn frame."""
    frames = [frame for frame in _frames(_beside(database)) if frame[3]]
    end = max((at for at, frame in enumerate(frames, 1) if frame[2]), default=0)
    pages = {number: page for number, page, _, _ in frames[:end]}
    found = {row for number, page, _, _ in frames[:end] for row in _rows(number, page, (pages,), beyond)}
    return sorted(found)


def _beside(database: Path) -> Path:
    return database.with_name(database.name + "-wal")


def _pages(database: Path) -> dict[int, bytes]:
    data = database.read_bytes() if database.exists() else b""
    return {at // PAGE + 1: data[at : at + PAGE].ljust(PAGE, b"\0") for at in range(0, len(data), PAGE)}


def _frames(wal: Path) -> Iterator[tuple[int, bytes, bool, bool]]:
    """Page number, page, whether a commit ends here, whether it is of this log (an older one has other salts)."""
    data = wal.read_bytes() if wal.exists() else b""
    salts = data[16:24]
    for at in range(WAL_HEADER, len(data) - FRAME_HEADER - PAGE + 1, FRAME_HEADER + PAGE):
        number, size = struct.unpack_from(">II", data, at)
        page = data[at + FRAME_HEADER : at + FRAME_HEADER + PAGE]
        yield number, page, size > 0, data[at + 8 : at + 16] == salts


def _rows(number: int, page: bytes, views: tuple[Pages, ...], beyond: int = 0) -> Iterator[Row]:
    start = 100 if number == 1 else 0
    if page[start] != TABLE_LEAF:
        return
    count = min(struct.unpack_from(">H", page, start + 3)[0], PAGE // 4)
    for (pointer,) in struct.iter_unpack(">H", page[start + 8 : start + 8 + 2 * count]):
        found = (_row(page, pointer, pages, beyond) for pages in views)
        yield from [row for row in found if row][:1]


def _row(page: bytes, at: int, pages: Pages, beyond: int) -> Row | None:
    try:
        size, at = _varint(page, at)
        seq, at = _varint(page, at)
        if seq <= beyond:
            return None
        row = Row(seq, *_record(_payload(page, at, size, pages))[1:])
        return row if row.sound else None
    except (IndexError, KeyError, TypeError, ValueError, struct.error, AttributeError):
        return None  # not a row of ours, or no longer one


def _payload(page: bytes, at: int, size: int, pages: Pages) -> bytes:
    if size <= LOCAL_MAX:
        return page[at : at + size]
    spill = LOCAL_MIN + (size - LOCAL_MIN) % (PAGE - 4)
    local = spill if spill <= LOCAL_MAX else LOCAL_MIN
    payload, following = bytearray(page[at : at + local]), struct.unpack_from(">I", page, at + local)[0]
    while following and len(payload) < size:
        further = pages[following]
        payload += further[4:]
        following = struct.unpack_from(">I", further)[0]
    return bytes(payload[:size])


def _record(payload: bytes) -> list[Any]:
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if len(kinds) != len(Row._fields):
        raise ValueError("not a row of the journal")
    values = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    return values


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind >= 12:
        width = (kind - 12) // 2
        data = payload[at : at + width]
        return (data.decode() if kind % 2 else data), at + width
    width = WIDTHS[kind]
    number = int.from_bytes(payload[at : at + width], "big", signed=True)
    return (None if kind == 0 else kind - 8 if kind in (8, 9) else number), at + width


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + 9
