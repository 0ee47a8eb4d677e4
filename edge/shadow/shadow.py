"""Follows the documents the cloud sends: judges, tries, keeps or takes back, and says how each part fared.

A document is written down before it is followed, so that a power cut finds the trial on the disk. It is kept when the
cloud has given back a report that was sent over a connection made after the change; when that does not come in time,
the last good one is put back and the cloud is told the story.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec

from edge.alarms import Alarms
from edge.backoff import Backoff
from edge.clock import iso
from edge.config import GatewayConfig
from edge.shadow import memory as steps
from edge.shadow.cabinet import Cabinet
from edge.shadow.memory import Memory, named
from edge.shadow.merging import told
from edge.shadow.stories import sentence, story
from edge.uplink.wire import Wire
from protocols.envelope import Address, Malformed, decode, encode
from protocols.envelope.desired import Desired, Heard, KeyState, Reported, Wanted

log = logging.getLogger("emmetra.shadow")

REVERTED = "config_reverted"
STEP_S = 10.0  # how often a trial writes down how long it has lasted
ANSWER_S = 5.0  # for the cloud to give a report back; then it is said again
AGAIN_CAP_S = 300.0
Take = Callable[[Any], Awaitable[KeyState | None]]
Happened = Callable[[str, str, dict[str, Any]], Awaitable[None]]


class Follower(Protocol):
    """What is configured: the gateway as a whole."""

    config: GatewayConfig

    def faults(self, doc: Wanted) -> dict[str, str]:
        """Why it cannot follow, by key."""

    async def follow(self, doc: Wanted) -> bool:
        """Become what the document says; whether the connection is made anew for it."""

    def broker(self) -> tuple[bool, str | None]:
        """Whether the broker lets us in at this moment, and what came back from it if not."""


class Shadow:
    """One gateway's documents. ``takes`` are keys that other rooms follow; each answers how it went."""

    def __init__(
        self, address: Address, cabinet: Cabinet, follower: Follower, alarms: Alarms, *, trial_s: float
    ) -> None:
        self._address, self._cabinet, self._follower, self._alarms = address, cabinet, follower, alarms
        self._trial_s = trial_s
        self.memory = Memory()
        self.takes: dict[str, Take] = {}
        self.happened: Happened = _nobody
        self._fates: dict[str, KeyState] = {}
        self._waiting: bytes | None = None
        self._asked, self._changed, self._proof = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._token, self._leaving = "", False

    async def wake(self) -> Wanted:
        """Read what is remembered, before anything is put together. What the gateway shall be now."""
        self.memory = steps.restarted(await asyncio.to_thread(self._cabinet.load))
        if (trial := self.memory.trial) is not None:
            await self._keep(self.memory)
            if trial.starts > steps.STARTS:
                await self._take_back(trial, trial.used_s)
        return self.memory.wanted

    def heard(self, payload: bytes) -> None:
        """A document came; the newest counts."""
        self._waiting = payload
        self._asked.set()

    def answered(self, payload: bytes) -> None:
        """The cloud gives a report back."""
        try:
            token = decode(Heard, payload).report
        except Malformed:
            return
        if self._token and token == self._token:
            self._proof.set()

    def mark(self, key: str, fate: KeyState) -> None:
        """A room says later how its key fared."""
        self._fates[key] = fate
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        await self._hand_out(Wanted(), self.memory.wanted)
        self._complain()
        while True:
            if self.memory.trial is not None:
                await self._see_it_through()
            self._asked.clear()
            if self._waiting is None:
                await self._asked.wait()
            payload, self._waiting = self._waiting, None
            await self._take(payload or b"")

    async def _take(self, payload: bytes) -> None:
        try:
            desired = decode(Desired, payload)
        except Malformed as refusal:
            await self._refuse(_version(payload), {"document": f"The document cannot be understood: {refusal}."})
            return
        if desired.version <= self.memory.asked:
            return
        if faults := await asyncio.to_thread(self._follower.faults, desired.doc):
            await self._refuse(desired.version, faults, desired.doc)
        else:
            await self._try(desired)

    async def _refuse(self, version: int, faults: Mapping[str, str], doc: Wanted | None = None) -> None:
        if version > self.memory.asked:
            log.warning("document %d is refused: %s", version, ", ".join(faults))
            await self._keep(steps.refused(self.memory, version, dict(faults), doc))

    async def _try(self, desired: Desired) -> None:
        before = self.memory.wanted
        await self._keep(steps.tried(self.memory, desired))
        log.info("document %d is on trial for %.0f s", desired.version, self._trial_s)
        await self._follow(before, desired.doc)

    async def _follow(self, before: Wanted, after: Wanted) -> None:
        self._leaving = True  # over a connection that may be about to end nothing is proved
        leaving = await self._follower.follow(after)
        self._proof.clear()
        self._token, self._leaving = "", leaving
        await self._hand_out(before, after)
        self._changed.set()

    async def _hand_out(self, before: Wanted, after: Wanted) -> None:
        """Each room gets its key, when it has changed."""
        for key, take in self.takes.items():
            value = getattr(after, key)
            if value != getattr(before, key):
                self._fates[key] = await _taken(take, key, value)

    async def _see_it_through(self) -> None:
        """Wait for the cloud as long as the trial lasts, over any number of starts."""
        trial = self.memory.trial
        assert trial is not None  # noqa: S101 - asked for by the caller
        began = time.monotonic() - trial.used_s
        while (left := self._trial_s - (time.monotonic() - began)) > 0:
            try:
                async with asyncio.timeout(min(STEP_S, left)):
                    await self._proof.wait()
            except TimeoutError:
                await self._keep(steps.aged(self.memory, time.monotonic() - began), quietly=True)
            else:
                await self._prove(trial.desired)
                return
        await self._take_back(trial, time.monotonic() - began)
        await self._follow(trial.desired.doc, self.memory.wanted)
        self._complain()
        await self.happened(REVERTED, self.memory.why or "", {"version": trial.desired.version})

    async def _prove(self, desired: Desired) -> None:
        log.info("document %d is kept", desired.version)
        await self._keep(steps.proven(self.memory))
        self._alarms.still(REVERTED)

    async def _take_back(self, trial: steps.Trial, lasted_s: float) -> None:
        """Written down before it is done."""
        connected, said = self._follower.broker()
        broker = trial.desired.doc.broker
        known = story(trial, lasted_s, broker.url if broker else self._follower.config.broker.url, connected, said)
        log.warning("%s", sentence(known))
        await self._keep(steps.undone(self.memory, sentence(known), known))

    def _complain(self) -> None:
        """For as long as the newest document is one that was taken back."""
        if self.memory.state == "reverted" and self.memory.why:
            self._alarms.ring(REVERTED, self.memory.why)

    async def _keep(self, memory: Memory, *, quietly: bool = False) -> None:
        """On disk first. A disk that takes nothing does not stop a document from being taken back."""
        self.memory = memory
        try:
            await asyncio.to_thread(self._cabinet.keep, memory)
        except OSError as refusal:
            log.error("the shadow cannot be written down: %s", refusal.strerror)
        if not quietly:
            self._changed.set()

    async def report(self, wire: Wire) -> None:
        """Say what the gateway is over this connection, now and with every change, until the cloud gives it back."""
        self._leaving, later = False, Backoff(ANSWER_S, AGAIN_CAP_S)
        while True:
            self._changed.clear()
            if not self._leaving:
                self._proof.clear()
                self._token = uuid.uuid4().hex
                await wire.send(self._address.up("shadow"), encode(self.reported(self._token)))
            if await self._given_back(ANSWER_S + later.next()):
                later.reset()
                await self._changed.wait()

    async def _given_back(self, patience: float) -> bool:
        """Whether the cloud has the report, or another is due at once (False)."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self._proof, self._changed)]
        try:
            await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        return self._proof.is_set()

    def reported(self, token: str = "") -> Reported:
        """What the gateway is now."""
        memory = self.memory
        doc = told(self._follower.config, memory.wanted)
        version = memory.in_force.version if memory.in_force else 0
        return Reported(
            v=1,
            version=version,
            asked=memory.asked,
            state=memory.state,
            at=iso(time.time()),
            doc=doc,
            keys=self._keys(),
            why=memory.why,
            story=memory.story,
            report=token or None,
        )

    def _keys(self) -> dict[str, KeyState]:
        """A key whose room answered stands as that room said, where the document itself was followed."""
        found = dict(self.memory.keys)
        if self.memory.state in ("applied", "trial"):
            found |= {key: self._fates[key] for key in named(self.memory.wanted) if key in self._fates}
        return found


def _version(payload: bytes) -> int:
    """The version of a document that cannot be understood otherwise; 0 where not even that is there."""
    try:
        found = msgspec.json.decode(payload)
        return found["version"] if isinstance(found["version"], int) and found["version"] < 2**63 else 0
    except (msgspec.MsgspecError, KeyError, TypeError):
        return 0


async def _taken(take: Take, key: str, value: Any) -> KeyState:
    """How a room took its key; one that stumbles brings nothing else down."""
    try:
        return await take(value) or KeyState(state="applied")
    except Exception as failure:
        log.exception("the setting %s was not taken", key)
        return KeyState(state="rejected", why=f"the gateway stumbled over it ({type(failure).__name__})")


async def _nobody(_code: str, _text: str, _data: dict[str, Any]) -> None:
    """Nobody keeps a diary."""
