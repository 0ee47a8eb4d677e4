"""One caller of a gateway with how it is, for the birth, the status and the console."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from edge.callers.device import Declined, Device, Did, Fault
from edge.callers.settings import CallerSettings
from edge.clock import iso
from protocols.envelope import InstrumentState
from protocols.envelope.calls import Answer

log = logging.getLogger("emmetra.callers")
State = Literal["starting", "connected", "lost"]


def now() -> str:
    """The gateway's clock."""
    return iso(time.time())


@dataclass(slots=True)
class Kept:
    """``starting`` until it was tried; ``changed`` is told when it is otherwise than before."""

    settings: CallerSettings
    device: Device
    changed: Callable[[], None]
    state: State = "starting"
    why: str | None = None
    since: str = field(default_factory=now)

    @property
    def name(self) -> str:
        """As the configuration calls it."""
        return self.settings.name

    @property
    def link(self) -> str:
        """Where it is: an address, or what it is of this gateway."""
        one = self.settings
        return one.url or f"{one.kind}:{one.voice.zone if one.kind == 'voice' else one.name}"

    def report(self) -> InstrumentState:
        """Callers stand among the instruments, by their kind."""
        one = self.settings
        return InstrumentState(
            dev=one.name, family=one.kind, link=self.link, state=self.state, since=self.since, why=self.why
        )

    def status(self) -> dict[str, Any]:
        """The same for whoever stands before the gateway."""
        one = {"name": self.name, "kind": self.settings.kind, "link": self.link}
        return {**one, "state": self.state, "since": self.since, "why": self.why}

    async def do(self, deed: Awaitable[Did]) -> Answer:
        """Have it do its part; what went wrong is its answer."""
        try:
            did = await deed
        except Declined as refusal:
            did = Did("failed", str(refusal))
        except Fault as fault:
            did = Did("failed", str(fault))
            self._become(did.why)
        except Exception as mistake:  # never its message: it may quote a name
            log.error("%s stumbled: %s", self.name, type(mistake).__name__)
            did = Did("failed", f"The gateway stumbled over {self.name} ({type(mistake).__name__}). Send us the log.")
        else:
            self._become(None)
        log.info("%s: %s", self.name, did.state)
        return Answer(state=did.state, at=now(), why=did.why)

    async def look(self) -> None:
        """Ask how it is."""
        try:
            await self.device.look()
        except Fault as fault:
            self._become(str(fault))
        except Exception as mistake:
            log.error("%s stumbled: %s", self.name, type(mistake).__name__)
        else:
            self._become(None)

    def _become(self, why: str | None) -> None:
        state: State = "lost" if why else "connected"
        if (state, why) == (self.state, self.why):
            return
        if state != self.state:
            self.since = now()
            log.log(logging.WARNING if why else logging.INFO, "%s is %s", self.name, state)
        self.state, self.why = state, why
        self.changed()
