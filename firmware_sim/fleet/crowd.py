"""Many simulated gateways on one event loop: they connect, capture, lose the broker, and come back with full jitter."""

import asyncio
import contextlib
import random
import ssl
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from firmware_sim.fleet.box import Box
from firmware_sim.fleet.line import KEEP_ALIVE_S, Line
from protocols.envelope import Address

FIRST_S, CAP_S = 1.0, 60.0  # full jitter as a gateway's: from 0 to a ceiling that doubles
PATIENCE_S = 10.0  # for a connection to come up
STABLE_S = 10.0
TICK_S = 0.05


@dataclass
class Standing:
    """Where the crowd stands: gateways connected, rows captured and confirmed, tries that failed, connections lost."""

    gateways: int
    connected: int = 0
    captured: int = 0
    confirmed: int = 0
    failed: int = 0
    lost: int = 0


class Crowd:
    """Gateways of one process. ``rate`` is readings a second of all of them, ``cap`` the longest wait in seconds."""

    def __init__(
        self, addresses: Sequence[Address], host: str, port: int, *, rate: float, seed: int = 1, cap: float = CAP_S,
        tls: ssl.SSLContext | None = None
    ) -> None:  # fmt: skip
        self._luck = random.Random(seed)  # noqa: S311 - a simulation
        self.boxes = [Box(address, self._luck) for address in addresses]
        self._lines: dict[Address, Line] = {}
        self._where, self._tls, self._rate = (host, port), tls, rate
        self._cap, self.capturing = cap, True
        self._standing = Standing(len(self.boxes))

    async def run(self, spread: float) -> None:
        """Keep everybody connected and capturing until cancelled; first connections are spread over so many seconds."""
        async with asyncio.TaskGroup() as group:
            for box in self.boxes:
                group.create_task(self._keep(box, self._luck.uniform(0, spread)))
            group.create_task(self._capture())
            group.create_task(self._look_after())

    async def _keep(self, box: Box, wait: float) -> None:
        ceiling = FIRST_S
        while True:
            await asyncio.sleep(wait)
            if await self._converse(box) > STABLE_S:
                ceiling = FIRST_S
            wait, ceiling = max(0.05, self._luck.uniform(0, ceiling)), min(self._cap, ceiling * 2)

    async def _converse(self, box: Box) -> float:
        """One connection, from its first byte to its last; seconds it stood."""
        line = await self._connect(box)
        if line is None:
            self._standing.failed += 1
            return 0.0
        self._lines[box.address], began = line, time.monotonic()
        try:
            line.pump(time.monotonic())
            await line.over
        finally:
            del self._lines[box.address]
            line.cut()
        self._standing.lost += 1
        return time.monotonic() - began

    async def _connect(self, box: Box) -> Line | None:
        loop, line = asyncio.get_running_loop(), Line(box)
        name = "localhost" if self._tls else None
        try:
            async with asyncio.timeout(PATIENCE_S):
                await loop.create_connection(lambda: line, *self._where, ssl=self._tls, server_hostname=name)
                await line.up
        except (OSError, TimeoutError):
            line.cut()
            return None
        return None if line.over.done() else line

    async def _capture(self) -> None:
        """Whether they are connected or not, gateways capture."""
        due, before = 0.0, time.monotonic()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            due, before = due + (now - before) * self._rate * self.capturing, now
            for box in self._luck.choices(self.boxes, k=int(due)):
                box.capture(now)
                self._pump(box, now)
            due %= 1

    async def _look_after(self) -> None:
        """Pings, spread over the keep-alive, and rows whose acknowledgement is overdue."""
        turn = 0
        while True:
            await asyncio.sleep(1)
            now, turn = time.monotonic(), turn + 1
            for n, box in enumerate(self.boxes):
                if (n + turn) % (KEEP_ALIVE_S // 2) == 0 and box.address in self._lines:
                    self._lines[box.address].ping()
                self._pump(box, now)

    def _pump(self, box: Box, now: float) -> None:
        with contextlib.suppress(KeyError):
            self._lines[box.address].pump(now)

    def standing(self) -> dict[str, int]:
        """Counts of this moment, by the names of Standing."""
        now = self._standing
        now.connected = len(self._lines)
        now.captured, now.confirmed = sum(box.last for box in self.boxes), sum(box.hwm for box in self.boxes)
        return asdict(now)
