"""Keeps the gateway's time honest: writes down the last time known, tells a later sync, notices a clock that jumps.

When the clock of a boot is synced after it was not, one event says what was the true time at a moment of the monotonic
clock. The cloud corrects, beside them, the times of what was heard in that boot before. Of the fix that belongs to
the running boot the event is said with every connection, always with the same id; the fix of a boot that has ended
waits among the bulletins until the broker took it.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from edge import disk
from edge.alarms import Alarms
from edge.clock import Clock, Now, known_floor, valid_from
from edge.outbox import Outbox, OutboxFull
from edge.stamp import uuid7
from protocols.envelope import Event, encode
from protocols.envelope.clocks import CLOCK_FIX, ClockFix

log = logging.getLogger("emmetra.clock")

FILE = "clock.json"
LOOK_S = 2.0
WRITE_S = 180.0
DRIFT_MS = 5_000
CALM_S = 600.0  # after which a jump is history
DRIFT = "clock_drift"


class Told(NamedTuple):
    """What the gateway told as its time at a moment of a boot."""

    boot: str
    mono_ns: int
    ms: int
    state: str


def floor(data: Path, certificate: Path | None, *code: Path) -> float:
    """The latest time that has certainly passed: software, certificate, the last time written down."""
    told = read(data)
    return max(known_floor(*code), valid_from(certificate), told.ms / 1000 if told else 0.0)


def read(data: Path) -> Told | None:
    """The last time written down, if it can be read."""
    try:
        told = Told(**json.loads((data / FILE).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return told if type(told.ms) is int and type(told.mono_ns) is int else None


def write(data: Path, told: Told) -> None:
    """Write it down so that a power cut leaves the old or the new. Raises OSError."""
    disk.write(data / FILE, json.dumps(told._asdict()))


class Timekeeper:
    """Looks at the clock every two seconds. ``connected`` tells since when (monotonic) there is a connection."""

    def __init__(
        self, clock: Clock, data: Path, outbox: Outbox, alarms: Alarms, connected: Callable[[], float | None]
    ) -> None:
        self._clock, self._data, self._outbox, self._alarms, self._connected = clock, data, outbox, alarms, connected
        before = read(data)
        self._unsynced = before if before and before.boot == clock.boot and before.state != "synced" else None
        self._last: Told | None = None
        self._written_ns: int | None = None
        self._jumped_ns: int | None = None
        self._said_in: float | None = None
        self._fix: str | None = None

    async def run(self) -> None:
        """Until cancelled; the time of the end is written down."""
        await self._remember()
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_S)
        finally:
            self.write_down()

    async def look(self) -> None:
        """One look: a fix if the clock was synced just now, an alarm if it jumped, a line in the file now and then."""
        now = self._clock.now()
        told = _told(self._clock.boot, now)
        self._mind_jumps(told)
        if now.clk.state != "synced":
            self._unsynced = told
        elif self._unsynced is not None:
            before, self._unsynced = self._unsynced, None
            await self._tell(_fix(before, told, now.clk.err_ms), now)
        if self._written_ns is None or told.mono_ns - self._written_ns > WRITE_S * 1e9:
            await asyncio.to_thread(self.write_down)
        await self._say_again()

    def write_down(self) -> None:
        """The time as it is now, into the file; a disk that cannot take it costs nothing but a later floor."""
        told = _told(self._clock.boot, self._clock.now())
        self._written_ns = told.mono_ns
        with contextlib.suppress(OSError):
            write(self._data, told)

    async def _remember(self) -> None:
        """The fix of this boot, when an earlier run of the gateway made it."""
        kept = await self._outbox.fact(CLOCK_FIX)
        if kept and json.loads(kept)["data"]["boot"] == self._clock.boot:
            self._fix = kept

    async def _tell(self, fix: ClockFix, now: Now) -> None:
        event = Event(v=1, id=uuid7(), at=now.ts_gw, code=CLOCK_FIX, text=_words(fix.offset_ms), data=_plain(fix))
        log.info("%s", event.text)
        self._fix = encode(event).decode()
        self._said_in = self._connected()
        with contextlib.suppress(OutboxFull):
            await self._outbox.set_fact(CLOCK_FIX, self._fix)
        await self._outbox.post("event", self._fix.encode())

    async def _say_again(self) -> None:
        since = self._connected()
        if self._fix is not None and since is not None and since != self._said_in:
            self._said_in = since
            await self._outbox.post("event", self._fix.encode())

    def _mind_jumps(self, told: Told) -> None:
        last, self._last = self._last, told
        # From the floor a clock is set by hours or years, and that is what it was waiting for.
        if last is not None and last.state != "floor" and abs(moved := _offset(last, told)) > DRIFT_MS:
            self._jumped_ns = told.mono_ns
            self._alarms.ring(DRIFT, f"The clock was set {_span(moved)}. Look what sets it, and its battery.")
        elif self._jumped_ns is not None and told.state == "synced" and told.mono_ns - self._jumped_ns > CALM_S * 1e9:
            self._jumped_ns = None
            self._alarms.still(DRIFT)


def _told(boot: str, now: Now) -> Told:
    return Told(boot, now.mono_ns, round(datetime.fromisoformat(now.ts_gw).timestamp() * 1000), now.clk.state)


def _offset(before: Told, after: Told) -> int:
    """By how much the clock moved beyond the time that passed, in milliseconds."""
    return after.ms - before.ms - (after.mono_ns - before.mono_ns) // 1_000_000


def _fix(before: Told, after: Told, err_ms: int | None) -> ClockFix:
    return ClockFix(boot=after.boot, mono_ns=after.mono_ns, offset_ms=_offset(before, after), err_ms=err_ms)


def _plain(fix: ClockFix) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encode(fix))
    return found


def _words(offset_ms: int) -> str:
    return "The clock is synchronised" + (f"; it was set {_span(offset_ms)}." if abs(offset_ms) >= 1000 else ".")


def _span(offset_ms: int) -> str:
    seconds = abs(offset_ms) / 1000
    shown = next((f"{seconds / size:.1f} {unit}" for size, unit in UNITS if seconds >= size), f"{seconds:.1f} s")
    return f"{'forward' if offset_ms > 0 else 'back'} by {shown}"


UNITS = ((86_400, "days"), (3600, "h"), (60, "min"))
