"""Kill -9 in the midst of traffic."""

import asyncio
from contextlib import suppress

import mqtt5
import pytest
from mqtt5 import PublishPacket, QoS

from tests.conformance.broker.client import Client, Closed
from tests.conformance.broker.houses import killable


async def acknowledged(publisher, first, window=50):
    """Publish without end until the broker dies; which numbers it acknowledged before."""
    safe, number = set(), first
    with suppress(Closed, ConnectionError):
        while True:
            while number - first - len(safe) < window:
                packet_id = number % 60_000 + 1
                publisher.writer.write(PublishPacket("t", b"%d" % number, qos=QoS(1), packet_id=packet_id).write())
                number += 1
            safe.add(first + len(safe))
            await publisher.receive(mqtt5.PubAckPacket)
    return safe - {max(safe, default=first)}, number


@pytest.mark.edge(
    "EDGE-084",
    "What the embedded broker acknowledged survives a kill in the midst of traffic, in order.",
)
async def test_a_kill_in_the_midst_of_traffic_loses_nothing_that_was_acknowledged(durable):
    """BRK-127: over five kills at random moments every message that got its PUBACK is delivered, in order."""
    async with killable(durable) as process:
        reader = await Client.connect(process, "s", session_expiry_interval=60)
        await reader.subscribe("t")
        await reader.leave()
        safe, number = set(), 0
        for moment in (0.05, 0.02, 0.11, 0.004, 0.07):
            publisher = await Client.connect(process, "p")
            traffic = asyncio.create_task(acknowledged(publisher, number))
            await asyncio.sleep(moment)
            await process.kill()
            more, number = await traffic
            safe |= more
            publisher.cut()
            await process.start()
        reader = await Client.connect(process, "s", session_expiry_interval=60)
        seen = [int((await reader.message()).payload)]
        with suppress(TimeoutError):
            while True:
                seen.append(int((await reader.message(patience=0.3)).payload))
        reader.cut()

        assert len(safe) > 50 and safe <= set(seen)
        assert seen == sorted(set(seen))
