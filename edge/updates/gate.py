"""When a release on trial has earned its place, and when it has lost it. Nothing here waits or touches anything."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

SOAK_S = 300.0
LIMIT_S = 1200.0


@dataclass(frozen=True, slots=True)
class Health:
    """One look at the gateway: to the cloud, at the disk, at the watchdog, and which drivers have their link open."""

    connected: bool
    writable: bool
    fed: bool
    opened: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Before:
    """How it was when the trial began: what worked then has to work again, and nothing more is asked."""

    connected: bool = True
    opened: frozenset[str] = frozenset()


@dataclass
class Gate:
    """Health for ``soak_s`` on end commits; ``limit_s`` without that goes back. Times are monotonic seconds.

    A driver has to open once, not to stay open: somebody may switch an instrument off for the night.
    """

    before: Before
    began: float
    soak_s: float = SOAK_S
    limit_s: float = LIMIT_S
    _well_since: float | None = None
    _opened: set[str] = field(default_factory=set)

    def look(self, health: Health, now: float) -> Literal["wait", "commit", "return"]:
        """Take one look into account."""
        self._opened |= health.opened
        if list(self.missing(health)):
            self._well_since = None
        elif self._well_since is None:
            self._well_since = now
        if self._well_since is not None and now - self._well_since >= self.soak_s:
            return "commit"
        return "return" if now - self.began >= self.limit_s else "wait"

    def missing(self, health: Health) -> Iterable[str]:
        """What is not well, in words for the report."""
        if self.before.connected and not health.connected:
            yield "not connected to the cloud"
        if not health.writable:
            yield "the outbox cannot be written"
        if not health.fed:
            yield "the watchdog is not fed"
        for name in sorted(self.before.opened - self._opened):
            yield f"the driver of {name} does not open"
