"""The gateway is killed at random moments; what an instrument was told is safe must be in the cloud, once."""

import asyncio
import itertools
import os
import random

import pytest

from deploy.broker import Broker
from edge.tasks import stop
from protocols.envelope import Capture, decode
from protocols.readings import from_json
from tests.edge.fakecloud import FakeCloud
from tests.edge.gateways import Process

KILLS = 4


class Speaker:
    """An instrument that sends a line, waits for the dot, and sends it again if none comes."""

    def __init__(self, name, far):
        self.name, self.far = name, far
        self.safe = []

    async def talk(self):
        for n in itertools.count():
            line = b"%s-%d" % (self.name.encode(), n)
            while not await self._answered(line):
                pass
            self.safe.append(line)
            await asyncio.sleep(0.01)

    async def heard_again(self):
        before = len(self.safe)
        while len(self.safe) < before + 5:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def _answered(self, line):
        self._drain()
        os.write(self.far.fd, line + b"\n")
        for _ in range(150):
            await asyncio.sleep(0.002)
            if b"." in self._drain():
                return True
        return False

    def _drain(self):
        try:
            return os.read(self.far.fd, 1000)
        except (BlockingIOError, OSError):
            return b""


@pytest.mark.edge(
    "EDGE-002",
    "What an instrument was told is safe reaches the cloud exactly once, whenever the gateway is killed.",
)
@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_acknowledged_to_the_instrument_survives_any_kill(tmp_path, seed):
    rng = random.Random(seed)
    async with Broker() as broker, FakeCloud(broker.port).running() as cloud:
        gateway = Process(tmp_path, broker.port, 2)
        speakers = [Speaker(f"s{n}", far) for n, far in enumerate(gateway.fars)]
        await gateway.start()
        talking = [asyncio.ensure_future(speaker.talk()) for speaker in speakers]
        for _ in range(KILLS):
            async with asyncio.timeout(20):
                await speakers[0].heard_again()
            await asyncio.sleep(rng.random() * 0.5)
            await gateway.kill()
            await gateway.start()
        await asyncio.gather(*(speaker.heard_again() for speaker in speakers))
        await stop(*talking)
        await cloud.until(lambda: safe(speakers) <= captures(cloud), 20)
        assert await gateway.stop() == 0
        gateway.close()

    assert len({epoch for epoch, _ in cloud.rows}) == 1, "a killed program is no power cut"
    assert [seq for _, seq in cloud.order] == list(range(1, len(cloud.order) + 1))
    ids = [from_json(item.body).reading_id for item in cloud.rows.values() if item.kind == "reading"]
    assert len(ids) == len(set(ids))
    assert b"Traceback" not in gateway.log.read_bytes()


def safe(speakers):
    return {line for speaker in speakers for line in speaker.safe}


def captures(cloud):
    return {decode(Capture, item.body).data for item in cloud.rows.values() if item.kind == "capture"}
