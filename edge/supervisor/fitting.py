"""What the supervisor needs to know about an instrument before it can listen to it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from edge.links import LineSettings, Link
from protocols.envelope.table_map import TableMap
from protocols.framing import Event
from protocols.readings import Reading

Emit = Callable[[Event], Awaitable[None]]


class Driver(Protocol):
    """Joins an open link and a dialect."""

    async def run(self, link: Link, emit: Emit) -> None:
        """Pump one open link until it closes."""


@runtime_checkable
class Recipient(Protocol):
    """A driver whose instrument takes readings as well."""

    @property
    def confirms(self) -> bool:
        """Whether the instrument gives a sign of having what was sent."""

    async def send(self, readings: Sequence[Reading], patient_id: str) -> tuple[str, ...]:
        """Hand readings over while the link is held open; what of them was sent. Raises OrderRefused."""


@runtime_checkable
class Camera(Protocol):
    """A driver whose instrument takes pictures when it is told to."""

    def scene(self) -> Mapping[str, str | None]:
        """What is chosen now: eye, magnification, illumination; taken_at, foot_switch, shutter, filming, trouble."""

    def choose(self, **chosen: str) -> None:
        """Eye, magnification, illumination of the next pictures. Raises OrderRefused for what is no choice."""

    async def take(self) -> None:
        """One picture, durable when this returns. Raises OrderRefused."""

    async def film(self) -> None:
        """Begin a clip, or end the one that is being filmed. Raises OrderRefused."""

    async def look(self) -> bytes:
        """A JPEG of what the camera sees now, kept nowhere. Raises OrderRefused."""


@dataclass(frozen=True, slots=True)
class InstrumentSettings:
    """An instrument as the configuration names it; ``lane`` is the room it stands in."""

    name: str
    family: str
    url: str
    model: str | None = None
    lane: str | None = None
    line: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    map: TableMap | None = None


@dataclass(frozen=True, slots=True)
class Fitting:
    """A driver ready to run, and how its instrument is named and wired."""

    make: Callable[[], Driver]
    dialect: str
    version: str
    line: LineSettings = field(default_factory=LineSettings)
    maker: str | None = None
    model: str | None = None


class Misfit(Exception):
    """No driver can be made of these settings: one sentence what is wrong and what to write instead."""


Fit = Callable[[InstrumentSettings], Fitting]
