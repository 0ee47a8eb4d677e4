"""The shadow of a gateway: what the cloud wants it to be, and what it says it is.

A document is whole, never a patch; its version only grows. Both houses check it against these types, and the gateway
against what it can do: an unknown family of instruments is refused there, with the reason.
"""

from typing import Annotated, Literal

import msgspec

from protocols.envelope.messages import Count, Message, Positive
from protocols.envelope.table_map import TableMap

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Instrument(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An instrument as the gateway's configuration has it; ``settings`` are the line's (baud, parity, …).

    ``map`` says what the columns of its tables are, for programs that nobody has described.
    """

    name: Name
    family: Name
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    model: Name | None = None
    lane: Name | None = None
    settings: dict[str, str | int | float | bool] = {}
    map: TableMap | None = None


class Broker(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where the gateway sends what it has; its certificates are its own and never travel here."""

    url: Annotated[str, msgspec.Meta(pattern=r"^mqtts?://[^\s/]+$", max_length=200)]


class Software(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The release to run: its name, the digest of its signed manifest, and where the manifest lies.

    ``back`` allows a release older than the one that runs.
    """

    version: Name
    manifest_sha256: Sha256
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
    back: bool = False


class Wanted(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Everything that can be set from afar. What is absent stays as the gateway's own file says.

    ``console_pin`` is the salted digest of the PIN of the page on the gateway, never the PIN.
    """

    instruments: list[Instrument] | None = None
    broker: Broker | None = None
    software: Software | None = None
    raw_days: Annotated[int, msgspec.Meta(ge=0, le=90)] | None = None
    disk_floor_mb: Annotated[int, msgspec.Meta(ge=16, le=4096)] | None = None
    telemetry_s: Annotated[int, msgspec.Meta(ge=10, le=3600)] | None = None
    log_level: Literal["debug", "info", "warning"] | None = None
    language: Literal["en", "zh"] | None = None
    console_pin: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    trace: bool | None = None


class Desired(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What the cloud wants, retained on ``down/shadow``."""

    v: Literal[1]
    version: Positive
    at: str
    doc: Wanted


class KeyState(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How one key of the document fared."""

    state: Literal["applied", "rejected", "reverted", "pending"]
    why: str | None = None


class Story(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How a document that was tried came to be taken back.

    ``lasted_s`` is how long was waited for the cloud, ``broker`` where it was looked for, ``said`` what came back from
    there (a sentence of the gateway, for people), ``connected`` whether the broker at least let the gateway in.
    """

    tried: Positive
    at: str
    lasted_s: Annotated[int, msgspec.Meta(ge=0)]
    broker: str
    connected: bool = False
    said: str | None = None
    restarts: int = 0


class Reported(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What the gateway is, on ``up/shadow`` with every connect and every change.

    ``version`` is that of the document in force (0: its own file alone), ``asked`` the newest it has seen. ``trial``
    while a document waits for its first contact with the cloud, ``reverted`` when that did not come: ``why`` says what
    was tried, for how long, and what came of it, ``story`` the same in parts. ``report`` names this very report;
    the cloud gives the name back as Heard, which is the contact a trial waits for.
    """

    v: Literal[1]
    version: Count
    asked: Count
    state: Literal["applied", "trial", "rejected", "reverted"]
    at: str
    doc: Wanted
    keys: dict[str, KeyState] = {}
    why: str | None = None
    story: Story | None = None
    report: str | None = None


class Heard(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The cloud has committed a report; on ``down/shadow/heard``. One that names an older report means nothing."""

    v: Literal[1]
    report: str
