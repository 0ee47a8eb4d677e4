"""A writer with somebody to hear what it reports."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import Engine

from cloud.ingest.writer import Arrival, Outcome, Writer
from cloud.kernel.clock import now
from protocols import envelope
from protocols.envelope import Ack, Address, parse
from tests.cloud.people_here import World
from tests.cloud.readings.parcels_here import Line, Outbox


class Desk:
    """Puts messages before a writer and remembers the answers."""

    def __init__(self, engine: Engine) -> None:
        self.codes = dict[int, int]()
        self.messages = dict[str, bytes]()
        self._tokens, self._news = count(1), threading.Condition()
        self.writer = Writer(engine, self._hear)

    def _hear(self, outcomes: list[Outcome], messages: dict[str, bytes]) -> None:
        with self._news:
            self.codes.update(outcomes)
            self.messages.update(messages)
            self._news.notify_all()

    def put(self, topic: str, payload: bytes) -> int:
        token = next(self._tokens)
        self.writer.put(Arrival(parse(topic), payload, now(), token))
        return token

    def say(self, topic: str, payload: bytes) -> int:
        """Put a message and wait for its reason code."""
        return self.code(self.put(topic, payload))

    def send(self, outbox: Outbox, *lines: Line) -> int:
        return self.say(outbox.place.address.up("r", "result"), outbox.batch(*lines))

    def code(self, token: int, patience: float = 10) -> int:
        with self._news:
            assert self._news.wait_for(lambda: token in self.codes, patience), "nothing was reported"
            return self.codes[token]

    def ack(self, address: Address) -> Ack:
        return envelope.decode(Ack, self.messages[address.down("ack")])


@pytest.fixture
def desk(engine: Engine) -> Iterator[Desk]:
    desk = Desk(engine)
    desk.writer.start()
    yield desk
    desk.writer.stop()
    desk.writer.join(10)
    assert not desk.writer.is_alive()


@pytest.fixture
def outbox(world: World) -> Outbox:
    return Outbox(world.pier)
