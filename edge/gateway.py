"""Puts the rooms together: outbox, instruments, uplink, status; and takes them apart in good order."""

import asyncio
import contextlib
import fcntl
import functools
import logging
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from edge import pins, status, timekeeping
from edge.alarms import Alarms
from edge.blobs import trust
from edge.blobs.line import Line
from edge.blobs.pace import Pace
from edge.blobs.store import Store
from edge.blobs.tidying import keep_tidy
from edge.blobs.uploader import Uploader
from edge.callers import Callers
from edge.callers import verbs as calls
from edge.capture import verbs as wires
from edge.clock import Clock
from edge.config import ConfigRefused, GatewayConfig, load
from edge.console.console import Console
from edge.console.hub import Hub
from edge.console.pairing import Finder
from edge.console.testing import Cards
from edge.diagnostics import orders as diagnostics
from edge.diagnostics import ring
from edge.diagnostics.repairs import repairs
from edge.diagnostics.result import Result
from edge.diagnostics.running import run_all
from edge.diagnostics.site import Site
from edge.diagnostics.watch import watch
from edge.dicom.beside import Beside
from edge.identity import Papers
from edge.identity.papers import NAME
from edge.identity.renewal import Renewal
from edge.identity.ways import Ways
from edge.imaging.filing import filing, keeping
from edge.imaging.reception import Reception
from edge.links import open_link
from edge.outbox import Limits, Outbox
from edge.outbox.outbox import MIB
from edge.pairing import Pairings
from edge.presets import to_phoropter
from edge.queue import Clockwork, Holder, Summons
from edge.shadow import Cabinet, Following, Shadow
from edge.supervisor import Fit, Notebook, Supervisor
from edge.supervisor import verbs as instruments
from edge.supervisor.families import fit as fit_family
from edge.tasks import until_one_ends
from edge.telemetry import Sources, Telemetry, promptly
from edge.updates.ties import Ties, here
from edge.updates.upkeep import Upkeep, upkeep
from edge.updates.watchdog import Watchdog
from edge.uplink import Herald, Orders, Telling, Uplink, Verb, happened
from edge.worklist import Kept, Listing
from protocols.envelope import encode
from protocols.envelope.desired import KeyState

log = logging.getLogger("emmetra.gateway")

REOPEN_S = 5.0
LOCK = "gateway.lock"
OUTBOX = "outbox.db"
NOTES = {
    "outbox_salvaged": "The outbox was damaged. {kept} results were read and are sent again; the old file is kept.",
    "outbox_mended": "The outbox was torn: {behind_tear} results recovered, {rotten} set aside as damaged.",
}


class GatewayRefused(Exception):
    """The gateway cannot start: one sentence what is wrong and what to do."""


class Gateway:
    """A running gateway."""

    def __init__(self, config: GatewayConfig, *, fit: Fit = fit_family, clock: Clock | None = None) -> None:
        self._own = config
        self.following: Following | None = None
        self.alarms = Alarms()
        self.blobs = Store(config.data)
        self.renewal = Renewal(Papers(config.data), self.alarms)
        self.clock = clock or Clock(timekeeping.floor(config.data, config.broker.certificate, Path(__file__)))
        self.software = f"emmetra {_version()}"
        self._fit = fit
        self._stop, self._anew = asyncio.Event(), asyncio.Event()
        self._started = time.monotonic()
        self.outbox: Outbox | None = None

    @property
    def config(self) -> GatewayConfig:
        """The gateway's own file, with what the cloud set laid over it."""
        return self.following.config if self.following else self._own

    def stop(self) -> None:
        """End in good order."""
        self._stop.set()

    async def run(self) -> None:
        """Until stopped. Raises GatewayRefused."""
        with self._alone(), ring.kept(self.config.data):
            async with self._outbox() as outbox:
                while outbox is not None and await self._live(outbox):
                    self._own = self._moved()

    async def _live(self, outbox: Outbox) -> bool:
        """Until something ends; whether that was for a new beginning: another address, or somebody's wish."""
        self._anew.clear()
        self.following = Following(self._own, self._fit, outbox)
        self.shadow = Shadow(
            self._own.address, Cabinet(self._own.data), self.following, self.alarms, trial_s=self._own.trial_s
        )
        self.following.begin(await self.shadow.wake())
        listing, holder = await self._listing(), await self._holder()
        self._assemble(outbox, holder)
        self._overshadow(outbox, self.following)
        self._carry()
        self._count(outbox)
        self._list(listing)
        self._hold(holder)
        await self._tell_notes(outbox)
        log.info("%s is ready with %d instruments", self.config.address, len(self.config.instruments))
        await until_one_ends(
            self._stop.wait(),
            self.supervisor.run(),
            self.callers.run(),
            self.uplink.run(),
            self.shadow.run(),
            self._keep_time(outbox),
            status.serve(self.config.data, self.status),
            self.watchdog.run(),
            self.upkeep.run(),
            self.renewal.run(),
            self.telemetry.run(),
            self.ways.moved.wait(),
            self._anew.wait(),
            watch(self.alarms, self.site),
            self.console.run(),
            self.dicom.run(),
            self.listing.run(),
            self.queue.run(),
            self.uploader.run(),
            keep_tidy(self.blobs, lambda: self.config.blobs.days, self._is_short),
        )
        log.info("stopped")
        return (self.ways.moved.is_set() or self._anew.is_set()) and not self._stop.is_set()

    def _moved(self) -> GatewayConfig:
        """The configuration as it is now, with the address the papers name: everything begins anew with it."""
        try:
            return load(self._own.path)
        except ConfigRefused:  # somebody is at work in the file
            return replace(self._own, address=self.herald.address)

    def _assemble(self, outbox: Outbox, holder: Holder) -> None:
        address = self.config.address
        self.reception = Reception(outbox, self.clock, self.alarms, self.blobs, self.config.data / "imaging")
        self.dicom = Beside(
            *(self.config.path, self.config.data, self.config.dicom, self.reception.take, self.alarms, self.clock),
            tell=lambda event: outbox.post("event", encode(event)),
        )
        self.herald = Herald(address, self.software, outbox, self.clock, self.alarms, self._states)
        self.callers = Callers(self.config.callers, self.config.data, self.herald.change)
        notebook = Notebook(outbox, self.clock, self.alarms, self.herald.change)
        notebook.filing = filing(self.reception)
        notebook.keeping = keeping(self.blobs, self.config.data / "imaging")
        notebook.pressing = holder.press
        opener = functools.partial(open_link, data=self.config.data)
        pairings = Pairings(self.config.data)
        self.supervisor = Supervisor(self.config.instruments, self._fit, notebook, opener, pairings.placed)
        orders = Orders(address, outbox, self._verbs())
        self.uplink = Uplink(self.config.broker, outbox, self.herald, orders, self.alarms)
        holder.summons = Summons(self.callers, holder.now)
        self.queue = Clockwork(holder, lambda: self.uplink.state.connected, self.config.queue.after_s)
        self.ways = Ways(
            Papers(self.config.data), address, lambda code, text, data: happened(outbox, code, text, data=data)
        )
        self.uplink.ways = self.ways if self.config.broker.enrolled else None
        self.alarms.on_change = self.herald.change
        self.dicom.on_change(self.herald.change)
        self.watchdog = Watchdog(outbox.depth)
        self.upkeep = self._upkeep(outbox)
        self._name_software()
        self.console = Console(self.config.console, self._hub(Finder(self.supervisor, pairings, lambda: self.config)))

    def _hub(self, finder: Finder) -> Hub:
        """What the page on the gateway stands on."""
        return Hub(
            status=self.status,
            check=self.checked,
            restart=self._anew.set,
            language=lambda: self.language,
            pin=self._pin,
            finder=finder,
            cards=Cards(self.supervisor),
            alarms=self.alarms,
            callers=self.callers,
            queue=self.queue,
        )

    @property
    def language(self) -> str:
        """The store's, as the cloud wants it, else as the file says."""
        return self.shadow.memory.wanted.language or self.config.language

    def _pin(self) -> str | None:
        """The digest of the console's PIN: the chain's before the one set here before that of the file."""
        wanted = self.shadow.memory.wanted.console_pin
        return (wanted if pins.is_digest(wanted) else None) or pins.read(self.config.data) or self.config.console.pin

    async def site(self) -> Site:
        """What the checks look at."""
        return Site(self.config, self.clock, await self.status(), fit=self._fit)

    async def checked(self, language: str) -> list[Result]:
        """Every check, now."""
        return await asyncio.to_thread(run_all, await self.site(), language)

    def _upkeep(self, outbox: Outbox) -> Upkeep:
        connected = lambda: self.uplink.state.connected is not None  # noqa: E731
        ties = Ties(outbox, self.supervisor, connected, self.watchdog, self._name_software, self.stop)
        return upkeep(ties, self.config.updates, here(_version(), self.config.broker.ca))

    def _name_software(self) -> None:
        """What the birth says runs here; a release on trial says so."""
        self.software = f"emmetra {_version()}" + (" on trial" if self.upkeep.on_trial else "")
        self.herald.software = self.software
        self.herald.change()

    def _count(self, outbox: Outbox) -> None:
        """Figures for the cloud, and traces when it wants them."""
        keepers = lambda: [(keeper.settings.name, keeper) for keeper in self.supervisor.keepers]  # noqa: E731
        sources = Sources(outbox, self.clock, self.uplink.state, keepers, self.uploader.figures)
        self.telemetry = Telemetry(sources, outbox)
        wanted = self.shadow.memory.wanted
        self.telemetry.every(wanted.telemetry_s)
        self.uplink.trace(wanted.trace)
        self.shadow.takes |= {
            "telemetry_s": promptly(self.telemetry.every),
            "trace": promptly(self.uplink.trace),
            "console_pin": _known_pin,
        }

    def _overshadow(self, outbox: Outbox, following: Following) -> None:
        following.join(self.supervisor, self.uplink, self.herald.change)
        self.uplink.hears |= {"shadow": self.shadow.heard, "shadow/heard": self.shadow.answered}
        self.uplink.says.append(self.shadow.report)
        self.shadow.takes["software"] = self.upkeep.wanted
        self.shadow.happened = lambda code, text, data: happened(outbox, code, text, data=data)

    def _carry(self) -> None:
        """Blobs to the cloud, beside everything else."""
        broker, cloud = self.config.broker, getattr(Papers(self.config.data).current(), "cloud", "")
        roots = self.config.data / NAME / "roots.pem" if broker.enrolled else None
        line = Line(lambda: trust.context(roots), Pace(self.config.blobs.kbit_s))
        place = functools.partial(trust.place, cloud=cloud, secure=broker.secure)
        self.uploader = Uploader(lambda: self.herald.address, self.blobs, self.alarms, place, line)
        self.uplink.hears["blob"] = self.uploader.heard
        self.uplink.says.append(self.uploader.say)

    def _is_short(self) -> bool:
        """Whether room is so short that blobs the cloud has must go before their time."""
        assert self.outbox is not None  # noqa: S101 - asked only while it is open
        return self.outbox.free() < 2 * self.outbox.limits.floor_bytes

    async def _listing(self) -> Listing:
        """The store's worklist, as it lies here."""
        listing = Listing(self.config.address, Kept(self.config.data))
        await listing.wake()
        return listing

    def _list(self, listing: Listing) -> None:
        self.listing = listing
        self.uplink.hears["worklist"] = listing.heard
        self.herald.worklist, listing.changed = listing.version, self.herald.change

    async def _holder(self) -> Holder:
        """The store's queue, as it lies here."""
        holder = Holder(self.config.address, self.config.data, lambda: self.clock.now().ts_gw, self.alarms)
        await holder.wake()
        return holder

    def _hold(self, holder: Holder) -> None:
        self.uplink.hears["queue"] = holder.heard
        self.uplink.says.append(holder.saying.say)
        self.herald.queue, holder.changed = holder.known, self.herald.change

    def _verbs(self) -> dict[str, Verb | Telling]:
        """What can be ordered: every room brings its own verbs, a line a room."""
        return {
            **{"ping": self._ping, "instruments": self._instruments, "to_phoropter": self._to_phoropter},
            **instruments.verbs(self.supervisor),
            **wires.verbs(self.supervisor),
            **calls.verbs(self.callers),
            **{"renew": self.renewal.ordered},
            **diagnostics.verbs(self.supervisor, self.site),
        }

    def _keep_time(self, outbox: Outbox) -> Coroutine[Any, Any, None]:
        return timekeeping.Timekeeper(
            self.clock, self.config.data, outbox, self.alarms, lambda: self.uplink.state.connected
        ).run()

    def _states(self) -> list[Any]:
        return [*self.supervisor.states(), *self.dicom.states(), *self.callers.states()]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        """Two gateways on one outbox would number the same rows."""
        data = self.config.data
        try:
            data.mkdir(parents=True, exist_ok=True)
            with (data / LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield lock
        except BlockingIOError:
            raise GatewayRefused(
                f"Another gateway already works in {data}. Stop it first, or use another folder."
            ) from None
        except (PermissionError, NotADirectoryError, FileExistsError) as refusal:
            raise GatewayRefused(
                f"{data} cannot be used ({refusal.strerror}). Make it a folder this user may write."
            ) from None

    @contextlib.asynccontextmanager
    async def _outbox(self) -> AsyncIterator[Outbox | None]:
        self.outbox = outbox = await self._open_outbox()
        try:
            yield outbox
        finally:
            if outbox is not None:
                await outbox.aclose()

    async def _open_outbox(self) -> Outbox | None:
        """Open it, however long the disk is full; without it nothing may be accepted."""
        limits = Limits(floor_bytes=int(self.config.disk_floor_mb * MIB), raw_days=self.config.raw_days)
        while not self._stop.is_set():
            try:
                return await Outbox.open(self.config.data / OUTBOX, boot=self.clock.boot, limits=limits)
            except (sqlite3.Error, OSError) as refusal:
                self.alarms.ring(
                    "outbox_closed", f"The outbox cannot be opened ({refusal}). Check the disk of {self.config.data}."
                )
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), REOPEN_S)
        return None

    async def _tell_notes(self, outbox: Outbox) -> None:
        self.alarms.still("outbox_closed")
        for note in outbox.notes:
            text = NOTES[note["code"]].format(**note)
            log.warning("%s", text)
            await happened(outbox, note["code"], text, data=note, at=self.clock.now().ts_gw)

    async def status(self) -> dict[str, Any]:
        """Everything, as `emmetra gateway status --json` prints it."""
        assert self.outbox is not None  # noqa: S101 - served only while it is open
        depth, now, link = await self.outbox.depth(), self.clock.now(), self.uplink.state
        memory = self.shadow.memory
        return {
            "address": str(self.config.address),
            "software": self.software,
            "at": now.ts_gw,
            "uptime_s": round(time.monotonic() - self._started, 1),
            "clock": {"state": now.clk.state, "err_ms": now.clk.err_ms},
            "broker": {"state": link.state, "for_s": round(time.monotonic() - link.since, 1), "why": link.why},
            "outbox": {name: getattr(depth, name) for name in depth.__slots__},
            "instruments": [self._instrument(keeper) for keeper in self.supervisor.keepers],
            "callers": [one.status() for one in self.callers.kept.values()],
            "alarms": self.alarms.by_code(),
            "repairs": [one._asdict() for one in repairs(self.alarms, self._states(), self.language)],
            "shadow": {"version": getattr(memory.in_force, "version", 0), "asked": memory.asked, "state": memory.state},
            "watchdog": {"asked": "WATCHDOG_USEC" in os.environ, "fed": self.watchdog.is_fed},
            "update": self.upkeep.report(),
            "worklist": self.listing.status(),
            "queue": self.queue.holder.status(),
            "dicom": self.dicom.status(),
            "blobs": self.uploader.status(),
        }

    def _instrument(self, keeper: Any) -> dict[str, Any]:
        state, last = keeper.report(), keeper.last_reading
        return {
            "name": state.dev,
            "family": state.family,
            "model": state.model,
            "lane": state.lane,
            "link": state.link,
            "state": state.state,
            "since": state.since,
            "why": state.why,
            "readings": keeper.readings,
            "garbled": keeper.garbled,
            "last_reading_s": None if last is None else round(time.monotonic() - last, 1),
        }

    async def _ping(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"at": self.clock.now().ts_gw, "uptime_s": round(time.monotonic() - self._started, 1)}

    async def _instruments(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"instruments": [self._instrument(keeper) for keeper in self.supervisor.keepers]}

    async def _to_phoropter(self, args: dict[str, Any]) -> dict[str, Any]:
        return await to_phoropter(self.supervisor, args)


async def _known_pin(digest: str | None) -> KeyState | None:
    """The console reads it where it is remembered; one that cannot be computed here changes nothing."""
    if digest is None or pins.is_digest(digest):
        return None
    return KeyState(state="rejected", why="console_pin is not a digest this gateway can compute; the PIN before holds")


def run(config: GatewayConfig) -> None:
    """Run a gateway until SIGTERM or Ctrl-C. Raises GatewayRefused."""
    asyncio.run(_run(config))


async def _run(config: GatewayConfig) -> None:
    sys.setswitchinterval(0.001)  # the outbox thread must not wait 5 ms for the loop at every step
    gateway = Gateway(config)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, gateway.stop)
    await gateway.run()


def _version() -> str:
    try:
        return metadata.version("emmetra")
    except metadata.PackageNotFoundError:
        return "0"
