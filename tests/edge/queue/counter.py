"""A gateway's queue with everything around it in a few lines: callers, a clock, a cloud that is there or away."""

import asyncio
import contextlib
import json
import time

from msgspec.structs import replace

from edge.alarms import Alarms
from edge.queue import Clockwork, Holder, Summons
from edge.refusals import OrderRefused
from edge.tasks import stop
from protocols.envelope import Address
from protocols.envelope.calls import Answer, Answers
from protocols.envelope.queue import Safe, pack
from tests.edge.queue.books import at, book

HERE = Address("chain", "pier", "gw-1")


class Callers:
    """``tv`` shows at once, ``hall`` speaks when it is let."""

    def __init__(self):
        self.calls, self.tickets, self.speaks = [], [], asyncio.Event()
        self.refusal = self.jam = ""
        self.speaks.set()

    async def call(self, called):
        if self.refusal:
            raise OrderRefused(self.refusal)
        self.calls.append(called)
        shown = Answer(state="shown", at=at())
        yield Answers(callers={"tv": shown, "hall": Answer(state="waiting", at=at())})
        await self.speaks.wait()
        yield Answers(callers={"tv": shown, "hall": Answer(state="spoken", at=at())})

    async def print_ticket(self, ticket):
        if self.refusal:
            raise OrderRefused(self.refusal)
        self.tickets.append(ticket)
        return Answers(callers={"desk": Answer(state="failed" if self.jam else "printed", at=at(), why=self.jam)})


class Wire:
    """The broker, whose answers are ``codes``; the cloud behind it, as far as it wants."""

    def __init__(self):
        self.said, self.codes = [], []

    def send(self, topic, payload):
        event = json.loads(payload)
        code = self.codes.pop(0) if self.codes else 0
        self.said.append((topic, event))
        answer = asyncio.get_running_loop().create_future()
        answer.set_result(code)
        return answer

    @property
    def entries(self):
        return [event["data"]["n"] for _topic, event in self.said]


class Counter:
    """``cloud`` says whether it is there; ``moment`` what time it is, in minutes from noon."""

    def __init__(self, folder, address=HERE):
        self.callers, self.alarms, self.cloud, self.moment = Callers(), Alarms(), False, 0.0
        self.cloud_s = 0.0  # so long it is there already
        self.holder = Holder(address, folder, lambda: at(self.moment), self.alarms)
        self.holder.summons = Summons(self.callers, self.holder.now)
        self.clockwork = Clockwork(self.holder, self._since, 3600)

    @property
    def day(self):
        return self.holder.day

    def _since(self):
        return time.monotonic() - self.cloud_s if self.cloud else None

    def after(self, seconds):
        self.clockwork._after_s = seconds

    def told(self, *guests, **more):
        """A book comes."""
        self.book = book(*guests, **more)
        self.holder.heard(pack(self.book))

    def answers(self, n, *, ended, version=50):
        """The cloud has so many entries of this holding."""
        safe = Safe(hold=self.day.hold, n=n, ended=ended)
        self.holder.heard(pack(replace(self.book, version=version, safe=safe)))

    async def until(self, condition, seconds=5):
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    @contextlib.asynccontextmanager
    async def connected(self, wire):
        """Over this connection, as long as it lasts."""
        self.cloud = True
        saying = asyncio.ensure_future(self.holder.saying.say(wire))
        try:
            yield wire
        finally:
            self.cloud = False
            await stop(saying)


@contextlib.asynccontextmanager
async def open_counter(folder, address=HERE):
    counter = Counter(folder, address)
    await counter.holder.wake()
    running = asyncio.ensure_future(counter.clockwork.run())
    try:
        yield counter
        assert not running.done(), running.exception()
    finally:
        await stop(running)
