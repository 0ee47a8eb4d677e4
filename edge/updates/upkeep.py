"""The gateway's own software, looked after: orders taken in, steps done one by one, a trial watched and ended."""

import asyncio
import functools
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from edge.updates.gate import LIMIT_S, SOAK_S, Before, Gate, Health
from edge.updates.hours import Quiet
from edge.updates.refusals import NotNow, UpdateRefused
from edge.updates.slots import Slots
from edge.updates.steps import Here, Steps
from protocols.envelope import Event
from protocols.envelope.desired import KeyState, Software
from protocols.envelope.release import MANIFEST, order

log = logging.getLogger("emmetra.updates")

LOOK_S = 1.0
POLL_S = 5.0
RETRY_S = (30.0, 60.0, 300.0, 1800.0, 3600.0)
ORDER, STICK = "order.json", "emmetra-update"
WORDS = {
    "update_trial": "{version} is unpacked and proved; it starts on trial.",
    "update_committed": "{version} runs: connected, writing, every driver open.",
    "update_returned": "{version} did not hold and the version before runs again: {why}.",
    "update_refused": "{version} is not taken in: {why}",
}


class Around(Protocol):
    """What the upkeep needs of the gateway around it."""

    async def health(self) -> Health:
        """One look."""

    def busy(self) -> str | None:
        """Which instrument must not be interrupted now, or None."""

    async def tell(self, event: Event) -> None:
        """Report an event; durable when it returns."""

    def changed(self) -> None:
        """What the birth says of the software is another now."""

    def restart(self) -> None:
        """End the process in good order; whoever started it starts it again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``[updates]`` of the configuration. ``usb`` is where sticks are mounted, if they may be taken in unasked."""

    quiet: Quiet | None = None
    usb: Path | None = None
    soak_s: float = SOAK_S
    limit_s: float = LIMIT_S


@dataclass
class Upkeep:
    """Runs beside the gateway; without slots (a gateway that was not installed as an appliance) it refuses orders."""

    steps: Steps | None
    around: Around
    settings: Settings = field(default_factory=Settings)
    slot: str = ""
    poll_s: float = POLL_S
    look_s: float = LOOK_S
    retry_s: tuple[float, ...] = RETRY_S
    waits_for: str | None = None

    def __post_init__(self) -> None:
        self._woken, self._failures = asyncio.Event(), 0

    async def wanted(self, software: Software | None) -> KeyState | None:
        """The cloud wants this release to run; harmless when repeated, and kept on disk when it returns.

        Applied where it runs already, rejected with the reason where it will not run, else pending: fetching, proving
        and the trial follow by themselves and are reported as events and in the birth's ``software``. Without a wish
        what is under way is dropped, and what runs runs on.
        """
        if software is None:
            if self.steps is not None:
                await asyncio.to_thread(self.steps.slots.keep, update=None)
            return None
        if self.steps is None:
            return KeyState(state="rejected", why="This gateway was not installed in slots; update it by hand.")
        want = functools.partial(
            self.steps.want,
            version=software.version,
            manifest_sha256=software.manifest_sha256,
            where=software.url,
            back=software.back,
        )
        try:
            begun = await asyncio.to_thread(want)
        except (UpdateRefused, OSError) as refusal:
            return KeyState(state="rejected", why=str(refusal))
        self._failures = 0
        self._woken.set()
        return KeyState(state="pending" if begun else "applied")

    def report(self) -> dict[str, Any]:
        """For the status and the console: the slot, what is under way and what it waits for, what was refused."""
        if self.steps is None:
            return {"slot": None, "step": "idle"}
        state = self.steps.slots.state()
        under_way = state.get("trial") or state.get("update") or {}
        refused = [about["version"] for about in state.get("refused", {}).values()]
        said = {"slot": self.slot or state["active"], "step": self.steps.at(), "version": under_way.get("version")}
        return {**said, "waits_for": self.waits_for, "refused": refused}

    @property
    def on_trial(self) -> bool:
        """Whether this very process is a trial."""
        trial = self.steps.slots.state().get("trial") if self.steps else None
        return bool(trial and trial["slot"] == self.slot)

    async def run(self) -> None:
        """Until cancelled."""
        if self.steps is None:
            await asyncio.Event().wait()
            return
        while True:
            await self._tell_news(self.steps)
            if self.on_trial:
                await self._trial(self.steps)
                continue
            self._woken.clear()
            await self._look_around(self.steps)
            rest = await self._forward(self.steps)
            try:
                async with asyncio.timeout(rest):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _tell_news(self, steps: Steps) -> None:
        """An event keeps its id, so one that is told twice because of a power cut counts once."""
        untold = steps.slots.state().get("untold", [])
        for news in untold:
            text = WORDS[news["code"]].format_map({"why": "", **news}).replace("..", ".")
            log.warning("%s", text) if "why" in news else log.info("%s", text)
            data = {key: news[key] for key in ("version", "manifest_sha256", "why") if key in news}
            at = datetime.now().astimezone().isoformat(timespec="milliseconds")
            await self.around.tell(Event(v=1, id=news["id"], at=at, code=news["code"], text=text, data=data))
        if untold:
            await asyncio.to_thread(steps.forget_news, {news["id"] for news in untold})

    async def _trial(self, steps: Steps) -> None:
        before = steps.slots.state()["trial"].get("before", {})
        was = Before(bool(before.get("connected", True)), frozenset(before.get("opened", ())))
        gate = Gate(was, time.monotonic(), self.settings.soak_s, self.settings.limit_s)
        while True:
            health = await self.around.health()
            match gate.look(health, time.monotonic()):
                case "commit":
                    await asyncio.to_thread(steps.commit)
                    return self.around.changed()
                case "return":
                    await asyncio.to_thread(steps.go_back, "; ".join(gate.missing(health)) or "it did not stay well")
                    await self._restart()
            await asyncio.sleep(self.look_s)

    async def _forward(self, steps: Steps) -> float:
        """Do what can be done now; returns the seconds to rest."""
        try:
            while (done := steps.at()) not in ("idle", "unpacked", "trial"):
                if await asyncio.to_thread(steps.advance) == done:
                    break
            if steps.at() == "unpacked":
                await self._begin_trial(steps)
        except UpdateRefused as refusal:
            await asyncio.to_thread(steps.refuse, str(refusal))
            await self._tell_news(steps)
        except NotNow as trouble:
            return self._later(str(trouble))
        return self.poll_s

    def _later(self, why: str) -> float:
        if why != self.waits_for:
            log.warning("the update waits: %s", why)
        self.waits_for = why
        self._failures += 1
        return self.retry_s[min(self._failures, len(self.retry_s)) - 1]

    async def _begin_trial(self, steps: Steps) -> None:
        self.waits_for = self._not_now(steps)
        if self.waits_for:
            return
        health = await self.around.health()
        before = {"connected": health.connected, "opened": sorted(health.opened)}
        await asyncio.to_thread(steps.begin_trial, before)
        log.info("restarting into the new release")
        await self._restart()

    async def _restart(self) -> None:
        """Ends the process; nothing more is looked at or decided in it."""
        self.around.restart()
        await asyncio.Event().wait()

    def _not_now(self, steps: Steps) -> str | None:
        if (dev := self.around.busy()) is not None:
            return f"{dev} is at work"
        at_once = steps.slots.state()["update"].get("at_once")
        if self.settings.quiet and not at_once and not self.settings.quiet.now(datetime.now().astimezone()):
            return f"the quiet hours, {self.settings.quiet.begin:%H:%M} to {self.settings.quiet.end:%H:%M}"
        return None

    async def _look_around(self, steps: Steps) -> None:
        """Orders given at the gateway: by its command, or by a stick that was put in."""
        given = steps.slots.root / ORDER
        if given.exists():
            await self._take_order(steps, given)
        elif self.settings.usb and steps.at() == "idle":
            for folder in await asyncio.to_thread(sticks, self.settings.usb):
                await self._take(steps, folder, quietly=True)

    async def _take_order(self, steps: Steps, path: Path) -> None:
        try:
            asked = json.loads(await asyncio.to_thread(path.read_bytes))
            await self._take(steps, Path(asked["from"]), back=bool(asked.get("back")), again=bool(asked.get("again")))
        except (OSError, ValueError, KeyError, TypeError):
            log.warning("the order in %s cannot be read and is dropped", path)
        os.unlink(path)  # noqa: PTH108

    async def _take(
        self, steps: Steps, folder: Path, *, back: bool = False, again: bool = False, quietly: bool = False
    ) -> None:
        try:
            text = await asyncio.to_thread((folder / MANIFEST).read_bytes)
            version, digest = str(json.loads(text)["version"]), hashlib.sha256(text).hexdigest()
            if quietly and order(version) <= order(steps.here.version):
                return
            if again:
                await asyncio.to_thread(steps.again, digest)
            steps.want(version=version, manifest_sha256=digest, where=str(folder), back=back, at_once=True)
        except (OSError, ValueError, KeyError, TypeError, UpdateRefused) as trouble:
            if not quietly:
                log.warning("the release in %s is not taken in: %s", folder, trouble)


def sticks(mounts: Path) -> list[Path]:
    """Folders ``emmetra-update`` on what is mounted below ``mounts``, one or two levels down."""
    found = [*mounts.glob(f"*/{STICK}"), *mounts.glob(f"*/*/{STICK}")]
    return sorted(folder for folder in found if (folder / MANIFEST).is_file())


def upkeep(around: Around, settings: Settings, here: Callable[[Path], Here]) -> Upkeep:
    """The upkeep of this process, by what the launcher told it."""
    root = os.environ.get("EMMETRA_SLOTS", "")
    if not root:
        return Upkeep(None, around, settings)
    slots = Path(root)
    steps = Steps(Slots(slots), here(slots.parent / "keys"))
    return Upkeep(steps, around, settings, slot=os.environ.get("EMMETRA_SLOT", ""))
