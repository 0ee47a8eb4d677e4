"""The messages, as JSON. Who sent one is said by its topic, never by its body.

Results carry ``(epoch, seq)``: the epoch is drawn when an outbox file is born, seq is its row number.
With tenant and gateway from the topic that is the idempotency key, and a missing number is a gap.
"""

import functools
from typing import Annotated, Any, Literal, TypeVar

import msgspec

VERSION = 1
MAX_ITEMS = 50
MAX_BYTES = 64 * 1024


# Row numbers, epochs and clocks are signed 64-bit on both ends (SQLite and PostgreSQL).
Positive = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Malformed(ValueError):
    """The text is not the message it should be; the message says where, never what it held."""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all messages: immutable, keyword-only, absent stays absent."""


class Clock(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How far the gateway's clock could be trusted when it was read."""

    state: Literal["floor", "coarse", "synced"]
    err_ms: int | None = None
    src: str | None = None


class Item(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One row of the outbox.

    ``kind`` is ``capture`` (raw bytes, body is a Capture) or ``reading`` (body is a reading).
    ``ts_gw`` is the gateway's wall clock (ISO 8601 UTC), ``mono_ns`` its monotonic clock within ``boot``.
    ``dev`` is the instrument's name on this gateway, ``drv``/``drv_v`` the driver that read it.
    """

    seq: Positive
    kind: Literal["reading", "capture"]
    boot: str
    ts_gw: str
    mono_ns: Count
    clk: Clock
    dev: str
    drv: str
    drv_v: str
    body: msgspec.Raw


class Batch(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Rows of one outbox in ascending order; at most MAX_ITEMS rows or about MAX_BYTES."""

    v: Literal[1]
    epoch: Positive
    items: list[Item]


class Capture(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What the instrument said, byte for byte (``data`` travels as base64), and how decoding went.

    A file that travels apart as a blob is named only: ``media_type`` and ``bytes`` are there and ``data`` is not.
    Readings point at it by ``integrity.raw_sha256``. ``why`` is present when nothing could be read.
    """

    sha256: str
    data: bytes = b""
    dialect: str
    why: str | None = None
    offset: int | None = None
    bytes: Count | None = None
    media_type: str | None = None


class Span(Message, frozen=True, kw_only=True, omit_defaults=True, array_like=True):
    """First and last row number of a gap, both included."""

    first: Positive
    last: Positive


class Refusal(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A row that will never be taken as it is; it lies in the cloud's dead letters."""

    seq: Positive
    reason: str


class Ack(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Sent after the database commit: every row up to ``hwm`` is safe and may be forgotten."""

    v: Literal[1]
    epoch: Positive
    hwm: Count
    missing: list[Span] = []
    refused: list[Refusal] = []


class InstrumentState(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An instrument as its gateway sees it."""

    dev: str
    family: str
    link: str
    state: Literal["starting", "connected", "lost", "misconfigured"]
    since: str
    maker: str | None = None
    model: str | None = None
    lane: str | None = None
    why: str | None = None


class Birth(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Published, retained, on every connect and when an instrument's state changes.

    ``hwm`` is the highest row the gateway knows to be safe, ``depth`` the rows still waiting, ``worklist`` the version
    of the store's worklist that it keeps (0: none), ``queue`` that of its queue (absent: it cannot keep one),
    ``holding`` names the holding under which it calls people by itself.
    """

    v: Literal[1]
    state: Literal["online"]
    session: str
    at: str
    software: str
    epoch: Positive
    hwm: Count
    depth: Count
    clk: Clock
    oldest_at: str | None = None
    ended: str | None = None
    instruments: list[InstrumentState] = []
    alarms: list[str] = []
    worklist: Count = 0
    queue: Count | None = None
    holding: str = ""


class Death(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The will, or a parting word; ``session`` tells which birth it ends."""

    v: Literal[1]
    state: Literal["offline"]
    session: str
    reason: str


class Event(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened on the gateway: an instrument lost or back, an outbox salvaged."""

    v: Literal[1]
    id: str
    at: str
    code: str
    text: str
    dev: str | None = None
    data: dict[str, Any] = {}


class Command(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An order to a gateway; after ``deadline`` (ISO 8601 UTC) it must not be carried out."""

    v: Literal[1]
    id: str
    verb: str
    deadline: str
    args: dict[str, Any] = {}


class CommandState(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How far a command is; done, failed, refused and expired are final."""

    v: Literal[1]
    id: str
    state: Literal["accepted", "running", "done", "failed", "refused", "expired"]
    at: str
    why: str | None = None
    result: dict[str, Any] = {}


M = TypeVar("M", bound=Message)
_encoder = msgspec.json.Encoder(decimal_format="string")


@functools.cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def encode(message: Message) -> bytes:
    """Encode a message as JSON."""
    return _encoder.encode(message)


def decode(kind: type[M], text: bytes | msgspec.Raw) -> M:
    """Decode and validate a message. Raises Malformed."""
    try:
        message: M = _decoder(kind).decode(text)
    except msgspec.MsgspecError as refusal:
        raise Malformed(str(refusal)) from None
    return message
