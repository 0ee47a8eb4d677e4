"""One look at the gateway: everything is read where it is counted anyway."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from edge.clock import Clock, Now
from edge.outbox import Depth, Outbox
from edge.telemetry import machine
from protocols.envelope.vitals import Vitals

NAMED = {"ok": "ok", "garbled": "ga", "refused": "no", "lost": "lo"}


class Connection(Protocol):
    """The uplink's state, as far as it is counted."""

    connections: int

    def offline_s(self, now: float) -> float:
        """Seconds without a connection until ``now`` (monotonic)."""


class Kept(Protocol):
    """An instrument's keeper, likewise."""

    @property
    def tally(self) -> Counter[str]:
        """Frames ok, garbled and refused; losses of the link."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures are counted; ``instruments`` are name and keeper, ``blobs`` figures by their short names."""

    outbox: Outbox
    clock: Clock
    connection: Connection
    instruments: Callable[[], Iterable[tuple[str, Kept]]]
    blobs: Callable[[], dict[str, float | None]] = dict


async def look(sources: Sources, run: str, lag_s: float) -> Vitals:
    """How it is now; ``run`` names this process, ``lag_s`` is how late the loop was at most."""
    depth, now = await sources.outbox.depth(), sources.clock.now()
    return Vitals(
        v=1,
        at=now.ts_gw[:19] + "Z",
        boot=sources.clock.boot[:8],
        run=run,
        clk=now.clk,
        gauges=_known(_gauges(sources.outbox, depth, now, lag_s) | sources.blobs()),
        counters=_known(_counters(sources, depth)),
        instruments={name: _frames(kept.tally) for name, kept in sources.instruments()},
    )


def _gauges(outbox: Outbox, depth: Depth, now: Now, lag_s: float) -> dict[str, float | None]:
    commits = sorted(outbox.commits())
    return {
        **{"d": depth.depth, "b": outbox.size(), "o": age_s(depth.oldest_at, now.ts_gw), "x": depth.dead},
        **{"f5": quantile_ms(commits, 0.5), "f9": quantile_ms(commits, 0.99), "c": now.clk.err_ms},
        **{"t": machine.temperature_c(), "th": machine.throttled(), "m": machine.memory_bytes()},
        **{"df": outbox.free(), "l": round(lag_s * 1000)},
    }


def _counters(sources: Sources, depth: Depth) -> dict[str, float | None]:
    tally, dropped, connection = sources.outbox.tally, depth.dropped, sources.connection
    return {
        **{"cp": tally["captured"], "sn": tally["sent"], "ak": tally["acknowledged"]},
        **{"rc": max(0, connection.connections - 1), "of": round(connection.offline_s(time.monotonic()))},
        **{"de": dropped.get("event", 0), "dt": dropped.get("telemetry", 0), "dl": dropped.get("log", 0)},
        "w": machine.written_bytes(),
    }


def _frames(tally: Counter[str]) -> dict[str, float]:
    return {short: tally[name] for name, short in NAMED.items()}


def _known(figures: dict[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if value is not None}


def age_s(then: str | None, now: str) -> float:
    """Seconds between two times of the gateway's clock; never negative, whatever the clock did in between."""
    if then is None:
        return 0
    return max(0, round((datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds()))


def quantile_ms(ordered: Sequence[float], part: float) -> float | None:
    """The value in seconds below which this part of them lies, in milliseconds; None without any."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000, 1)
