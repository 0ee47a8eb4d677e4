"""The whole fleet at once: ``python -m tests.load.fleet --gateways 10000 [--broker mosquitto] [--tls]``.

Simulated gateways connect, capture and send; the broker is killed while they do, and comes back. Everybody must be
back within a minute, broker and ingest must stay within their memory, and every reading that was captured must be in
the database once. 0 when all of that holds.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.demo.children import Children
from tests.load.logs import telling
from tests.load.site import CHAIN, Site, raise_file_limit

LATEST_S = 60.0


@dataclass(frozen=True)
class Plan:
    """How many gateways, at which broker, how busy; ``wiped`` lets the broker lose all it knew."""

    gateways: int
    broker: str = "embedded"
    tls: bool = False
    wiped: bool = False
    processes: int = 4
    rate: float = 500.0  # readings a second, of all gateways together
    steady: float = 20.0  # seconds before the kill and after everybody is back
    down: float = 3.0
    cap: float = 60.0  # the longest wait between a gateway's tries, in seconds
    settle: float = 300.0

    @property
    def limits(self) -> dict[str, float]:
        """Megabytes: a base, and what each gateway may cost."""
        return {"broker": 150 + 0.06 * self.gateways, "ingest": 250 + 0.02 * self.gateways}


@dataclass
class Outcome:
    """What happened."""

    connecting: float = 0.0
    back: float = 0.0
    settling: float = 0.0
    captured_meanwhile: int = 0
    told: dict[str, int] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    readings: int = 0
    lost: int = 0
    doubled: int = 0
    strangers: int = 0


class Fleet:
    """The processes that play the gateways."""

    def __init__(self, plan: Plan, site: Site) -> None:
        self._folder = site.folder
        share, self._told = -(-plan.gateways // plan.processes), list[Path]()
        self._running: list[subprocess.Popen[bytes]] = []
        for n, first in enumerate(range(1, plan.gateways + 1, share)):
            count = min(share, plan.gateways + 1 - first)
            self._told.append(site.folder / f"fleet-{n}.json")
            words = ["--chain", CHAIN, "--port", str(site.port), "--first", str(first), "--count", str(count)]
            words += ["--rate", str(plan.rate * count / plan.gateways), "--spread", str(plan.gateways / 500)]
            words += ["--cap", str(plan.cap), "--told", str(self._told[-1]), *_papers(site)]
            self._running.append(site.children.start(f"fleet-{n}", words, module="firmware_sim.fleet"))

    def standing(self) -> dict[str, int]:
        """The sum over all processes."""
        told = [json.loads(path.read_text()) for path in self._told if path.exists()]
        names = ("connected", "captured", "confirmed", "failed", "lost")
        return {name: sum(one[name] for one in told) for name in names}

    def stop_capturing(self) -> None:
        """What is captured now is all there will be."""
        for process in self._running:
            process.send_signal(signal.SIGUSR1)

    def end(self) -> list[tuple[str, int, int]]:
        """End it; store, epoch and rows captured of every gateway."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(30)
        return [tuple(box) for path in self._told for box in json.loads(path.read_text())["boxes"]]


async def run(plan: Plan) -> Outcome:
    """Connect everybody, kill the broker, wait for everybody, count."""
    raise_file_limit(plan.gateways)
    outcome = Outcome()
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        site = Site(children, Path(name), plan.broker, tls=plan.tls, wiped=plan.wiped)
        await asyncio.to_thread(site.database, plan.gateways)
        await site.start_broker()
        site.ingest()
        fleet = Fleet(plan, site)
        watching = asyncio.create_task(_watch(site, outcome))
        try:
            with telling(Path(name) / "log"):
                await _storm(plan, site, fleet, outcome)
        finally:
            watching.cancel()
        outcome.told = await asyncio.to_thread(fleet.standing)
        boxes = await asyncio.to_thread(fleet.end)
        await site.kill_broker()
        _count(outcome, boxes, await asyncio.to_thread(site.found))
    return outcome


async def _storm(plan: Plan, site: Site, fleet: Fleet, outcome: Outcome) -> None:
    everybody = lambda: fleet.standing()["connected"] == plan.gateways  # noqa: E731
    outcome.connecting = await _until(everybody, plan.settle, "every gateway was to connect")
    await asyncio.sleep(plan.steady)
    before = fleet.standing()["captured"]
    await site.kill_broker()
    await _until(lambda: fleet.standing()["connected"] == 0, 30, "every gateway was to notice")
    await asyncio.sleep(plan.down)
    await site.start_broker()
    outcome.back = await _until(everybody, plan.settle, "every gateway was to come back")
    outcome.captured_meanwhile = fleet.standing()["captured"] - before
    await asyncio.sleep(plan.steady)
    fleet.stop_capturing()
    await asyncio.sleep(1)  # until the last count is told
    outcome.settling = await _until(lambda: _settled(fleet), plan.settle, "everything was to be confirmed")


def _settled(fleet: Fleet) -> bool:
    now = fleet.standing()
    return now["captured"] == now["confirmed"] > 0


async def _until(done: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds it took. Raises TimeoutError with what it was."""
    began = time.monotonic()
    while not await asyncio.to_thread(done):
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what} within {seconds:.0f} s")
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def _watch(site: Site, outcome: Outcome) -> None:
    while True:
        for name, megabytes in (await asyncio.to_thread(site.memory)).items():
            outcome.memory[name] = max(megabytes, outcome.memory.get(name, 0.0))
        await asyncio.sleep(0.5)


def _count(outcome: Outcome, boxes: list[tuple[str, int, int]], found: dict[str, Any]) -> None:
    """What the gateways captured against what the database has."""
    for store, epoch, captured in boxes:
        in_epoch, rows, numbers, last, ids = found.pop(store, (epoch, 0, 0, 0, 0))
        outcome.readings += rows
        outcome.lost += max(0, captured - numbers)
        outcome.doubled += rows - min(numbers, ids)
        outcome.strangers += (in_epoch != epoch) + max(0, last - captured)
    outcome.strangers += len(found)


def _papers(site: Site) -> list[str]:
    if site.papers is None:
        return []
    papers = site.papers
    return ["--tls-ca", papers["ca"], "--tls-certificate", papers["client"], "--tls-key", papers["client-key"]]


def failings(plan: Plan, outcome: Outcome) -> list[str]:
    """What does not hold, a sentence each."""
    found = [f"{outcome.lost} readings are lost"] * bool(outcome.lost)
    found += [f"{outcome.doubled} readings are there twice"] * bool(outcome.doubled)
    found += [f"{outcome.strangers} readings or gateways nobody captured with"] * bool(outcome.strangers)
    found += [f"the last gateway was back after {outcome.back:.0f} s"] * (outcome.back > LATEST_S)
    return found + [
        f"the {name} needed {outcome.memory.get(name, 0):.0f} MB, its limit is {limit:.0f}"
        for name, limit in plan.limits.items()
        if not 0 < outcome.memory.get(name, 0) <= limit
    ]


def table(plan: Plan, outcome: Outcome) -> str:
    """The summary."""
    lines: list[tuple[str, object]] = [
        ("gateways", f"{plan.gateways:,} in {plan.processes} processes"),
        ("broker", f"{plan.broker}{', TLS' * plan.tls}, {'wiped by' if plan.wiped else 'on disk through'} its kill"),
        ("seconds until all connected", f"{outcome.connecting:.1f}"),
        ("seconds until all were back", f"{outcome.back:.1f} (limit {LATEST_S:.0f})"),
        ("tries that failed", outcome.told.get("failed", 0)),
        ("captured while it was away", outcome.captured_meanwhile),
        ("seconds until all was in", f"{outcome.settling:.1f}"),
        *(
            (f"memory of the {name}, MB", f"{outcome.memory.get(name, 0):.0f} (limit {limit:.0f})")
            for name, limit in plan.limits.items()
        ),
        ("readings captured", outcome.told.get("captured", 0)),
        ("readings in the record", outcome.readings),
        ("lost", outcome.lost),
        ("doubled", outcome.doubled),
    ]
    wrong = [f"WRONG: {sentence}" for sentence in failings(plan, outcome)]
    return "\n".join([*(f"{name:<32} {value}" for name, value in lines), *wrong])


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print a table; 0 when everything holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.fleet", description=__doc__)
    parser.add_argument("--gateways", type=int, default=10_000)
    parser.add_argument("--broker", choices=("embedded", "mosquitto"), default="embedded")
    parser.add_argument("--tls", action="store_true", help="encrypt, with client certificates")
    parser.add_argument("--wiped", action="store_true", help="the broker loses everything when it is killed")
    parser.add_argument("--rate", type=float, default=500.0, metavar="N", help="readings a second")
    parser.add_argument("--steady", type=float, default=20.0, metavar="SECONDS", help="before the kill and after")
    parser.add_argument("--processes", type=int, default=4)
    plan = Plan(**vars(parser.parse_args(argv)))
    outcome = asyncio.run(run(plan))
    print(table(plan, outcome))
    return 1 if failings(plan, outcome) else 0


if __name__ == "__main__":
    sys.exit(main())
