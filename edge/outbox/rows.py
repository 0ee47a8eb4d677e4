"""What lies in the journal."""

import zlib
from typing import Literal, NamedTuple

Kind = Literal["reading", "capture"]


class Draft(NamedTuple):
    """A row to be; ``clk`` and ``body`` are JSON already, so nothing is encoded twice."""

    kind: Kind
    dev: str
    drv: str
    drv_v: str
    ts_gw: str
    mono_ns: int
    clk: str
    boot: str
    body: bytes


class Row(NamedTuple):
    """A row of the journal, in the order of its columns."""

    seq: int
    kind: Kind
    dev: str
    drv: str
    drv_v: str
    ts_gw: str
    mono_ns: int
    clk: str
    boot: str
    crc: int
    body: bytes

    @property
    def sound(self) -> bool:
        """The row is what was once written. SQLite checks its own pages only for shape, never for content."""
        return self.crc == checksum(self.seq, self.draft)

    @property
    def draft(self) -> Draft:
        """The row without its number."""
        return Draft(*self[1:9], body=self.body)


def checksum(seq: int, draft: Draft) -> int:
    """CRC-32 over everything in the row."""
    head = "\x1f".join(map(str, (seq, *draft[:-1])))
    return zlib.crc32(draft.body, zlib.crc32(head.encode()))


def row(seq: int, draft: Draft) -> Row:
    """A draft with its number."""
    return Row(seq, *draft[:-1], crc=checksum(seq, draft), body=draft.body)


class Bulletin(NamedTuple):
    """An event, a piece of telemetry or a log chunk waiting to be told."""

    id: int
    cls: str
    body: bytes


class OutboxFull(Exception):
    """The disk cannot take another result; nothing was stored, and the instrument must not be told otherwise."""
