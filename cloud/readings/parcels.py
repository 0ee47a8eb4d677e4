"""What ingest hands over: the rows of one message, sorted and checked, ready for one statement."""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec


@dataclass(frozen=True, slots=True)
class Sender:
    """A gateway as the fleet knows it."""

    tenant_id: int
    store_id: int
    gateway_id: int


class Row(msgspec.Struct, kw_only=True):
    """What a reading and a capture share; field names are the column names of the statement."""

    gateway_id: int
    store_id: int
    epoch: int
    seq: int
    captured_at: str
    boot: str
    mono_ns: int
    clock: msgspec.Raw
    dev: str
    driver: str


class ReadingRow(Row, kw_only=True):
    """A reading on its way in. ``timely``: its time can be trusted enough to ask who sat in the chair."""

    reading_id: str
    kind: str
    record_number: str | None
    timely: bool
    body: msgspec.Raw


class CaptureRow(Row, kw_only=True):
    """Raw bytes on their way in; ``data`` is base64."""

    sha256: str
    dialect: str
    data: str
    why: str | None
    offset_at: int | None


@dataclass(frozen=True, slots=True)
class Dead:
    """Something that cannot be taken; ``seq`` is absent when not even the row number could be read."""

    reason: str
    payload: bytes
    epoch: int | None = None
    seq: int | None = None


@dataclass(slots=True)
class Parcel:
    """The rows of one message of one gateway."""

    sender: Sender
    arrived_at: datetime
    epoch: int | None = None
    readings: list[ReadingRow] = field(default_factory=list)
    captures: list[CaptureRow] = field(default_factory=list)
    dead: list[Dead] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        """Row numbers that this parcel settles, one way or the other."""
        handled = [row.seq for row in (*self.readings, *self.captures)]
        return handled + [dead.seq for dead in self.dead if dead.seq is not None]
