"""What ingest hands over: the rows of one message, sorted and checked, ready for one statement."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

# One row is one line of text: ASCII separates records by RS and fields by US. JSON text cannot hold either
# character bare, so a body travels as it is and PostgreSQL need not parse it.
RECORD, FIELD = "\x1e", "\x1f"

SHARED = (
    *(("gateway_id", "bigint"), ("store_id", "bigint"), ("epoch", "bigint"), ("seq", "bigint")),
    *(("captured_at", "timestamptz"), ("boot", "text"), ("mono_ns", "bigint"), ("clock_state", "text")),
    *(("clock_err_ms", "integer"), ("dev", "text"), ("driver", "text")),
)
READING = (
    *SHARED,
    *(("reading_id", "uuid"), ("kind", "text"), ("record_number", "text"), ("timely", "boolean"), ("body", "text")),
)
# The same row where the instrument named an order: what it said of it, and the birth date that it said of the patient.
ORDERED = (*READING, ("accession", "text"), ("study_uid", "text"), ("born", "date"))
CAPTURE = (
    *SHARED,
    *(("sha256", "text"), ("dialect", "text"), ("data", "text"), ("why", "text"), ("offset_at", "integer")),
)
DEAD = (
    *(("gateway_id", "bigint"), ("store_id", "bigint"), ("epoch", "bigint"), ("seq", "bigint")),
    *(("reason", "text"), ("sha256", "text"), ("payload", "text")),
)


@dataclass(frozen=True, slots=True)
class Sender:
    """A gateway as the fleet knows it."""

    tenant_id: int
    store_id: int
    gateway_id: int


class Row(NamedTuple):
    """A row on its way in: ``fields`` in the order of READING, ORDERED or CAPTURE, an empty text for what is absent."""

    seq: int
    fields: tuple[str, ...]


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
    readings: list[Row] = field(default_factory=list)
    ordered: list[Row] = field(default_factory=list)
    captures: list[Row] = field(default_factory=list)
    dead: list[Dead] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        """Row numbers that this parcel settles, one way or the other."""
        handled = [row.seq for row in (*self.readings, *self.ordered, *self.captures)]
        return handled + [dead.seq for dead in self.dead if dead.seq is not None]
