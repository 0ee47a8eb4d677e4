"""Which papers to show the broker next, and what is made of its answer.

New papers are tried first; when they do not lead in and the ones in force do, they are put away. When the ones in
force are refused and the ones before are not, the gateway goes back to those. Each turn is told as an event.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from edge.identity.papers import NAME, Identity, Papers
from edge.uplink.broker import BrokerRefused, BrokerSettings
from protocols.envelope import Address

LOOK_S = 0.5
SETTLE_LOOKS = 3  # an order that renewed has a moment to say so before its connection is let go
Set = Literal["trial", "current", "before"]
Tell = Callable[[str, str, dict[str, Any]], Awaitable[None]]


class Ways:
    """The papers of a running gateway, as its uplink sees them. ``tell(code, text, data)`` posts an event."""

    def __init__(self, papers: Papers, address: Address, tell: Tell) -> None:
        self._papers, self._tell = papers, tell
        loaded = papers.current()
        self._fixed_address = None if loaded is not None and loaded.address == address else address
        self._loaded_url = loaded.broker if loaded is not None else ""
        self._used: Set = "current"
        self._tried: Identity | None = None  # of the trial; the next ones may lie there before the answer comes
        self._failed: dict[Set, str] = {}
        self._state: tuple[str, ...] = ()
        self._address = address
        self.moved = asyncio.Event()  # the papers in force name another address than this gateway began with

    def best(self, broker: BrokerSettings) -> tuple[BrokerSettings, Address | None]:
        """The settings with the papers to show now, and the address they name (None: keep the one in use)."""
        self._state = self._links()
        found = self._sets()
        self._used = next((one for one in found if one not in self._failed), "current")
        self._tried = found["trial"] if self._used == "trial" else self._tried
        if (identity := found.get(self._used)) is None:
            return broker, None
        return self._with(broker, identity), self._fixed_address or identity.address

    def refused(self, refusal: BrokerRefused) -> bool:
        """It did not work; whether there are other papers to show at once."""
        self._failed[self._used] = str(refusal)
        # Without network nothing is learnt about papers: only a refusal of the papers in force leads to the old ones.
        rest = [one for one in self._sets() if one not in self._failed]
        if rest and (self._used == "trial" or refusal.papers):
            return True
        self._failed.clear()
        return False

    async def stood(self) -> None:
        """The broker let these papers in and lets them listen."""
        why = dict(self._failed)
        self._failed.clear()
        if self._used == "trial" and self._tried is not None:
            await self._accept(self._tried)
        elif self._used == "before" and self._papers.trial() != self._papers.before():
            await self._go_back(why.get("current", ""))
        elif "trial" in why and self._tried is not None:
            await self._reject(self._tried, why["trial"])
        now, _, before = self._links()
        self._state = (now, "", before)  # what lies on trial now came meanwhile and has yet to be tried
        self._look_where()

    def _look_where(self) -> None:
        current = self._papers.current()
        if self._fixed_address is None and current is not None and current.address != self._address:
            self.moved.set()

    async def news(self) -> None:
        """Return when other papers lie on the disk than those that were tried last."""
        seen = 0
        while seen < SETTLE_LOOKS:
            await asyncio.sleep(LOOK_S)
            seen = seen + 1 if self._links() != self._state else 0

    async def _accept(self, proven: Identity) -> None:
        await asyncio.to_thread(self._papers.accept, proven)
        data = {"address": str(proven.address), "certificate": proven.folder.name}
        await self._tell("certificate_renewed", "The broker took the new certificate; it is in force.", data)

    async def _reject(self, failed: Identity, why: str) -> None:
        await asyncio.to_thread(self._papers.reject, failed)
        await self._tell(
            "certificate_returned", f"The new certificate did not work, the one before stays in force. {why}", {}
        )

    async def _go_back(self, why: str) -> None:
        await asyncio.to_thread(self._papers.go_back)
        await self._tell(
            "certificate_returned", f"The broker refused the certificate, the one before is in force again. {why}", {}
        )

    def _sets(self) -> dict[Set, Identity]:
        found: dict[Set, Identity | None] = {
            "trial": self._papers.trial(),
            "current": self._papers.current(),
            "before": self._papers.before(),
        }
        return {name: identity for name, identity in found.items() if identity is not None}

    def _with(self, broker: BrokerSettings, identity: Identity) -> BrokerSettings:
        """What the gateway's own file does not name comes from the papers."""
        if not broker.enrolled:
            return broker
        link = self._papers.data / NAME
        url = identity.broker if broker.url in ("", self._loaded_url) else broker.url
        ca, certificate = (_moved(path, link, identity.folder) for path in (broker.ca, broker.certificate))
        return replace(broker, url=url, ca=ca, certificate=certificate, key=identity.key, token=identity.token)

    def _links(self) -> tuple[str, ...]:
        return tuple(_target(self._papers.data / f"{NAME}{end}") for end in ("", ".trial", ".before"))


def _moved(path: Path | None, link: Path, folder: Path) -> Path | None:
    return folder / path.name if path is not None and path.parent == link else path


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
