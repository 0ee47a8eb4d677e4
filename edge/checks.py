"""``emmetra gateway check``: everything the configuration names is tried, and what fails says how to mend it."""

import asyncio
import os
import ssl
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from edge.clock import Clock, known_floor
from edge.config import GatewayConfig
from edge.links import LinkRefused, open_link
from edge.outbox.outbox import MIB, free_bytes
from edge.supervisor import InstrumentSettings, Misfit
from edge.supervisor.families import fit
from edge.uplink.broker import BrokerRefused, explain, tls_context

SLOW_SYNC_MS = 100
SOON_DAYS = 21
DAY = 86_400


class Result(NamedTuple):
    """One check; ``fix`` says what to do unless all is well."""

    name: str
    verdict: Literal["ok", "warn", "fail"]
    what: str
    fix: str = ""


def run_all(config: GatewayConfig) -> list[Result]:
    """Every check, in the order a person would mend things."""
    return asyncio.run(_run_all(config))


async def _run_all(config: GatewayConfig) -> list[Result]:
    results = [Result("config", "ok", f"{config.path} is understood")]
    results += [check(config) for check in (clock, disk, sync)]
    for instrument in config.instruments:
        results.append(await port(instrument, _running(config)))
    results += list(certificates(config))
    results.append(await broker(config))
    return results


def shown(results: list[Result]) -> str:
    """For people."""
    lines = []
    for name, verdict, what, fix in results:
        lines.append(f"{verdict:<5} {name:<24} {what}")
        lines += [f"{'':<5} {'':<24} -> {fix}"] * bool(fix)
    return "\n".join(lines)


def clock(_: GatewayConfig) -> Result:
    """Is it plausible, and does anybody vouch for it?"""
    now = Clock(known_floor(Path(__file__))).now()
    if now.clk.state == "synced":
        return Result("clock", "ok", f"synchronised, within {now.clk.err_ms} ms")
    if now.clk.state == "floor":
        fix = "Connect the network so that time can be fetched, or set it with `timedatectl set-time`."
        return Result("clock", "fail", "is behind the date this software was made", fix)
    return Result("clock", "warn", "nobody vouches for it", "Switch on NTP: `timedatectl set-ntp true`.")


def disk(config: GatewayConfig) -> Result:
    """Is there room for results?"""
    try:
        config.data.mkdir(parents=True, exist_ok=True)
        free = free_bytes(config.data) // MIB
    except OSError as refusal:
        return Result("disk", "fail", f"{config.data}: {refusal.strerror}", "Make it a folder this user may write.")
    if free < config.disk_floor_mb:
        return Result("disk", "fail", f"{free} MB free, below the floor of {config.disk_floor_mb} MB", "Make room.")
    if free < 4 * config.disk_floor_mb:
        return Result("disk", "warn", f"only {free} MB free", "Make room soon.")
    return Result("disk", "ok", f"{free} MB free")


def sync(config: GatewayConfig) -> Result:
    """Can a result be put on disk, and how long does it take?"""
    try:
        with tempfile.NamedTemporaryFile(dir=config.data) as probe:
            started = time.perf_counter()
            for _ in range(5):
                probe.write(b"x" * 4096)
                probe.flush()
                os.fsync(probe.fileno())
            took = (time.perf_counter() - started) / 5 * 1000
    except OSError as refusal:
        return Result("outbox", "fail", f"cannot be written: {refusal.strerror}", f"Check who owns {config.data}.")
    if took > SLOW_SYNC_MS:
        return Result("outbox", "warn", f"one sync takes {took:.0f} ms", "The card may be worn; use a better one.")
    return Result("outbox", "ok", f"writable, one sync takes {took:.1f} ms")


def _running(config: GatewayConfig) -> bool:
    from edge.status import NotRunning, ask

    try:
        return bool(ask(config.data, patience=1))
    except NotRunning:
        return False


async def port(instrument: InstrumentSettings, running: bool) -> Result:
    """Is there a driver, and can the link be opened?"""
    name = f"instrument {instrument.name}"
    try:
        line = fit(instrument).line
        link = await open_link(instrument.url, line)
        await link.aclose()
    except Misfit as refusal:
        return Result(name, "fail", str(refusal), "Correct family, model or settings in the configuration.")
    except LinkRefused as refusal:
        if running and "in use" in refusal.what:
            return Result(name, "ok", f"{instrument.url} is held by the running gateway")
        return Result(name, "fail", refusal.what, refusal.hint)
    return Result(
        name, "ok", f"{instrument.url} opens at {line}" if "://" not in instrument.url else f"{instrument.url} opens"
    )


def certificates(config: GatewayConfig) -> Iterator[Result]:
    """Can the TLS files be used, and for how long?"""
    if not config.broker.secure:
        yield Result(
            "tls", "warn", "the broker is reached without TLS", "Enrol the gateway and write mqtts:// for a store."
        )
        return
    try:
        tls_context(config.broker)
    except BrokerRefused as refusal:
        yield Result("tls", "fail", str(refusal), "Enrol the gateway again if the files are lost.")
        return
    for name in ("ca", "certificate"):
        path = getattr(config.broker, name)
        if path is not None:
            yield _expiry(name, path)


def _expiry(name: str, path: Path) -> Result:
    # CPython's own test helper; the alternative is a library of 10 MB for one date.
    found = ssl._ssl._test_decode_cert(str(path))  # type: ignore[attr-defined]
    left = (ssl.cert_time_to_seconds(found["notAfter"]) - time.time()) / DAY
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC).date()
    if left < 0:
        return Result(f"tls {name}", "fail", f"expired on {until}", "Enrol the gateway again; results wait meanwhile.")
    if left < SOON_DAYS:
        return Result(
            f"tls {name}", "warn", f"expires on {until}", "It should have been renewed by itself; look why not."
        )
    return Result(f"tls {name}", "ok", f"valid until {until}")


async def broker(config: GatewayConfig) -> Result:
    """Does the broker answer? Nothing is said to it: a second connection would push the gateway out."""
    where = f"{config.broker.host}:{config.broker.port}"
    try:
        await _reach(lambda: _open(config))
    except (OSError, TimeoutError, BrokerRefused) as failure:
        refusal = failure if isinstance(failure, BrokerRefused) else explain(failure, config.broker)
        what, _, fix = str(refusal).partition(". ")
        return Result("broker", "fail", what, fix)
    return Result("broker", "ok", f"{where} answers" + (" with a certificate we trust" if config.broker.secure else ""))


async def _reach(opening: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.timeout(5):
        await opening()


async def _open(config: GatewayConfig) -> None:
    _, writer = await asyncio.open_connection(config.broker.host, config.broker.port, ssl=tls_context(config.broker))
    writer.close()
