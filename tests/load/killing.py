"""Runs a store that never stops printing while everything behind it is killed at random moments."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.demo.children import Children
from edge.tasks import stop
from firmware_sim.nidek_frame.autorefractor import ARK1a
from firmware_sim.nidek_frame.tonoref import TONOREF3
from firmware_sim.wires import open_tcp
from tests.load.audit import Findings, audit
from tests.load.house import GATEWAYS, House, wait_until
from tests.load.speaker import Speaker

KINDS = ("gateway", "broker", "ingest", "database")


@dataclass(frozen=True)
class Plan:
    """How many readings, which luck, how hard."""

    readings: int
    seed: int
    durable: bool = False
    hasty: bool = True
    pause: float = 1.5  # seconds between kills, at most
    down: float = 0.7  # seconds that what was killed stays away, at most
    instruments: int = 3
    rate: float = 300.0  # readings a second, of all instruments together
    settle: float = 90.0

    @property
    def pause_between_prints(self) -> float:
        """For one instrument; a print gives about three readings."""
        return 3 * GATEWAYS * self.instruments / self.rate


@dataclass
class Outcome:
    """What happened."""

    kills: Counter[str] = field(default_factory=Counter)
    findings: Findings = field(default_factory=Findings)
    printing: float = 0.0
    settling: float = 0.0


async def run(plan: Plan) -> Outcome:
    """Print, kill, settle, audit."""
    outcome = Outcome()
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        house = House(children, Path(name), durable=plan.durable, hasty=plan.hasty)
        async with _instruments(plan) as speakers:
            await asyncio.to_thread(house.open, _ports(speakers))
            await _print_and_kill(plan, house, speakers, outcome)
            began = time.monotonic()
            await asyncio.to_thread(_settle, house, plan.settle)
            outcome.settling = time.monotonic() - began
        outcome.findings = await asyncio.to_thread(audit, house, speakers.values())
    return outcome


async def _print_and_kill(plan: Plan, house: House, speakers: dict[tuple[int, str], Speaker], outcome: Outcome) -> None:
    began, killed = time.monotonic(), asyncio.Event()

    def enough() -> bool:
        return killed.is_set() and sum(speaker.safe for speaker in speakers.values()) >= plan.readings

    pause = plan.pause_between_prints
    talking = asyncio.gather(*(speaker.talk(enough, pause) for speaker in speakers.values()))
    killing = asyncio.create_task(_kill_everything(plan, house, outcome, killed))
    try:
        await asyncio.wait([talking, killing], return_when=asyncio.FIRST_COMPLETED)
        (killing if killing.done() else talking).result()
    finally:
        await stop(killing, talking)
    outcome.printing = time.monotonic() - began


async def _kill_everything(plan: Plan, house: House, outcome: Outcome, killed: asyncio.Event) -> None:
    """Every kind in turn, in an order and at moments the seed decides; sometimes two at once."""
    luck = random.Random(plan.seed)
    while True:
        for kind in luck.sample(KINDS, len(KINDS)):
            victims = {_victim(kind, luck), *([_victim(luck.choice(KINDS), luck)] if luck.random() < 0.25 else [])}
            await asyncio.sleep(luck.uniform(0.1, plan.pause))
            await asyncio.shield(asyncio.to_thread(_kill, house, victims, luck.uniform(0, plan.down)))
            outcome.kills.update(victim.partition("-")[0] for victim in victims)
        killed.set()


def _victim(kind: str, luck: random.Random) -> str:
    return f"gateway-{luck.randrange(GATEWAYS)}" if kind == "gateway" else kind


def _kill(house: House, victims: set[str], down: float) -> None:
    for victim in sorted(victims):
        house.kill(victim)
    time.sleep(down)
    for victim in sorted(victims, key=("database", "broker").__contains__, reverse=True):
        house.start(victim)


def _settle(house: House, seconds: float) -> None:
    wait_until(lambda: house.depths() == [0] * GATEWAYS, seconds, "everything was to reach the cloud")


@contextlib.asynccontextmanager
async def _instruments(plan: Plan) -> AsyncIterator[dict[tuple[int, str], Speaker]]:
    speakers: dict[tuple[int, str], Speaker] = {}
    for gateway in range(GATEWAYS):
        for n in range(plan.instruments):
            make = (ARK1a, TONOREF3)[n % 2]
            speakers[gateway, f"i{n}"] = Speaker(f"G{gateway}I{n}", make, await open_tcp())
    listening = [asyncio.create_task(speaker.listen()) for speaker in speakers.values()]
    try:
        yield speakers
    finally:
        for speaker in speakers.values():
            await speaker.wire.aclose()
        await asyncio.gather(*listening)


def _ports(speakers: dict[tuple[int, str], Speaker]) -> dict[int, dict[str, int]]:
    ports: dict[int, dict[str, int]] = {gateway: {} for gateway in range(GATEWAYS)}
    for (gateway, name), speaker in speakers.items():
        ports[gateway][name] = speaker.wire.port
    return ports
