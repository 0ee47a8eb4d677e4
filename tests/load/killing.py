"""Runs a store that never stops printing while everything behind it goes wrong at random moments."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
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
from tests.load.lines import Lines
from tests.load.logs import telling
from tests.load.speaker import RECEIPT_LATE, Speaker

KILLED = ("gateway", "broker", "ingest", "database")
TROUBLES = (*KILLED, "clock", "disk", "line", "update")
RECONNECTED = 5.0
FARTHEST = 8.2  # a clock is wrong by up to 10 to this many seconds, five years


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

    troubles: Counter[str] = field(default_factory=Counter)
    possible: Sequence[str] = TROUBLES  # filling a disk needs the right to mount one
    findings: Findings = field(default_factory=Findings)
    printing: float = 0.0
    settling: float = 0.0


async def run(plan: Plan) -> Outcome:
    """Print, kill, settle, audit."""
    outcome = Outcome()
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        house = House(children, Path(name), durable=plan.durable, hasty=plan.hasty)
        async with _instruments(plan) as speakers, _ways(house) as ways:
            outcome.possible = [kind for kind in TROUBLES if kind != "disk" or all(one.mounted for one in house.disks)]
            await asyncio.to_thread(house.open, _ports(speakers), [way.port for way in ways])
            with telling(house.logs):
                await _print_and_trouble(_Troubler(plan, house, speakers, ways, outcome))
                began = time.monotonic()
                await asyncio.to_thread(_settle, house, plan.settle)
            outcome.settling = time.monotonic() - began
            outcome.findings = await asyncio.to_thread(audit, house, speakers.values())
    return outcome


async def _print_and_trouble(troubler: "_Troubler") -> None:
    plan, speakers, outcome = troubler.plan, troubler.speakers, troubler.outcome
    began, killed, over = time.monotonic(), asyncio.Event(), asyncio.Event()

    def enough() -> bool:
        return killed.is_set() and sum(speaker.safe for speaker in speakers.values()) >= plan.readings

    pause = plan.pause_between_prints
    talking = asyncio.gather(*(speaker.talk(enough, pause) for speaker in speakers.values()))
    killing = asyncio.create_task(troubler.trouble_everything(killed, over))
    try:
        await asyncio.wait([talking, killing], return_when=asyncio.FIRST_COMPLETED)
        over.set()
        await killing  # what it has just killed it starts again
        await talking
    finally:
        await stop(killing, talking)
    outcome.printing = time.monotonic() - began


class _Troubler:
    """Every kind in turn, in an order and at moments the seed decides; sometimes two at once."""

    def __init__(
        self,
        plan: Plan,
        house: House,
        speakers: dict[tuple[int, str], Speaker],
        ways: Sequence[Lines],
        outcome: Outcome,
    ) -> None:
        self.plan, self.speakers, self.outcome = plan, speakers, outcome
        self._house, self._ways, self._luck = house, ways, random.Random(plan.seed)

    async def trouble_everything(self, killed: asyncio.Event, over: asyncio.Event) -> None:
        """Until it is over; ``killed`` is set once every kind had its turn."""
        while not over.is_set():
            for kind in self._luck.sample(TROUBLES, len(TROUBLES)):
                await _or_over(over, self._luck.uniform(0.1, self.plan.pause))
                if not over.is_set():
                    await self._trouble(kind)
            killed.set()

    async def _trouble(self, kind: str) -> None:
        gateway = self._luck.randrange(GATEWAYS)
        match kind:
            case "clock":
                await self._jump(gateway)
            case "disk":
                await self._fill(gateway)
            case "line":
                await self._silence()
            case "update":
                await asyncio.to_thread(self._house.update, gateway)
                self.outcome.troubles["update"] += 1
            case _:
                await self._kill(kind)

    async def _jump(self, gateway: int) -> None:
        """Back or forth, or right again."""
        luck = self._luck
        wrong = luck.choice((-1, 0, 1)) * 10 ** luck.uniform(0, FARTHEST)
        await asyncio.to_thread(self._house.jump, gateway, wrong)
        self.outcome.troubles["clock"] += 1

    async def _silence(self) -> None:
        """A line of whichever gateway has one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RECONNECTED):
                while not any(way.go_silent() for way in self._luck.sample(self._ways, GATEWAYS)):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                self.outcome.troubles["line"] += 1

    async def _fill(self, gateway: int) -> None:
        """Full for a while; now and then the gateway is killed meanwhile and starts on a full disk."""
        disk, luck = self._house.disks[gateway], self._luck
        if not disk.mounted:
            return
        await asyncio.to_thread(disk.fill, luck.randrange(64 * 1024))
        await asyncio.sleep(luck.uniform(0.1, self.plan.down))
        if luck.random() < 0.3:
            await asyncio.to_thread(_kill, self._house, [f"gateway-{gateway}"], [0.0])
            self.outcome.troubles["gateway"] += 1
            await asyncio.sleep(luck.uniform(0, self.plan.down))
        await asyncio.to_thread(disk.clear)
        self.outcome.troubles["disk"] += 1

    async def _kill(self, kind: str) -> None:
        """One, or a second one while the first is away: what only one of them still had is gone then."""
        luck, victims = self._luck, [_victim(kind, self._luck)]
        if luck.random() < 0.5:
            victims += {_victim(luck.choice(KILLED), luck)} - set(victims)
        await self._worst_moment(victims)
        gaps = [luck.uniform(0, self.plan.down) for _ in victims]
        await asyncio.to_thread(_kill, self._house, victims, gaps)
        self.outcome.troubles.update(victim.partition("-")[0] for victim in victims)

    async def _worst_moment(self, victims: Sequence[str]) -> None:
        """A gateway is killed just after it gave a receipt: what that said must be true already."""
        gateways = {int(victim.rpartition("-")[2]) for victim in victims if victim.startswith("gateway")}
        for speaker in [speaker for (n, _), speaker in self.speakers.items() if n in gateways][:1]:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RECEIPT_LATE):
                    await speaker.next_receipt()
            await asyncio.sleep(self._luck.uniform(0, 0.005))


async def _or_over(over: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await over.wait()


def _victim(kind: str, luck: random.Random) -> str:
    return f"gateway-{luck.randrange(GATEWAYS)}" if kind == "gateway" else kind


def _kill(house: House, victims: Sequence[str], gaps: Sequence[float]) -> None:
    for victim, gap in zip(victims, gaps, strict=True):
        house.kill(victim)
        time.sleep(gap)
    for victim in sorted(victims, key=("database", "broker").__contains__, reverse=True):
        house.start(victim)


def _settle(house: House, seconds: float) -> None:
    wait_until(lambda: house.depths() == [0] * GATEWAYS, seconds, "everything was to reach the cloud")


@contextlib.asynccontextmanager
async def _ways(house: House) -> AsyncIterator[list[Lines]]:
    """Each gateway's way to the broker; with them the house's disks go."""
    ways = [Lines(house.parts.broker_port) for _ in range(GATEWAYS)]
    try:
        for way in ways:
            await way.open()
        yield ways
    finally:
        house.close()
        for way in ways:
            await way.aclose()


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
