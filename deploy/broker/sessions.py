"""What the broker keeps for one client between and during its connections."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from deploy.broker.journal import Journal
from deploy.broker.messages import Delivery, Message
from deploy.broker.rules import Permit

Key = tuple[str, str]
"""(proven name, client id): nobody can take over the session of another name."""


class Outlet(Protocol):
    """The open connection of a session, seen from the session."""

    window: int

    @property
    def room(self) -> bool:
        """Whether more may be written without piling up in memory."""

    def deliver(self, delivery: Delivery) -> bool:
        """Write it; False when it is expired or larger than this client takes."""

    def part(self, reason: int, why: str) -> None:
        """Say DISCONNECT and close."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One filter of one session, as asked for."""

    filter: str
    qos: int
    no_local: bool = False
    as_published: bool = False
    identifier: int | None = None


@dataclass(slots=True)
class Tally:
    """Bytes waiting in all sessions together."""

    waiting: int = 0


@dataclass(slots=True, eq=False)
class Session:
    """``queue`` waits to be sent, ``flying`` was sent and awaits its PUBACK; both in order."""

    key: Key
    number: int
    permit: Permit
    journal: Journal
    tally: Tally
    expiry: int = 0
    outlet: Outlet | None = None
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    queue: deque[Delivery] = field(default_factory=deque)
    flying: dict[int, Delivery] = field(default_factory=dict)
    waiting: int = 0
    last: int = 0
    will: Message | None = None
    will_delay: int = 0
    lost: int = 0

    @property
    def online(self) -> bool:
        """Whether the client is connected."""
        return self.outlet is not None

    def offer(self, delivery: Delivery) -> None:
        """Take a copy for this client. QoS 1 is kept until acknowledged, QoS 0 is sent now or soon."""
        if delivery.qos:
            self.last += 1
            delivery.seq = self.last
            if self.expiry:
                self.journal.keep(self.number, delivery)
        self._count(delivery.message.size)
        self.queue.append(delivery)
        self.pump()

    def pump(self) -> None:
        """Send what the client's window and its socket allow."""
        outlet, queue = self.outlet, self.queue
        while outlet is not None and queue and outlet.room:
            delivery = queue[0]
            if delivery.qos and (len(self.flying) >= outlet.window or delivery.packet_id in self.flying):
                return
            queue.popleft()
            self._send(outlet, delivery)

    def acknowledge(self, packet_id: int) -> None:
        """The client has it. An unknown number is an echo from before a takeover and means nothing."""
        delivery = self.flying.pop(packet_id, None)
        if delivery is not None:
            self._forget(delivery)
            self.pump()

    def rewind(self) -> None:
        """The connection is gone: what was not acknowledged will be sent again, first and in order."""
        self.queue.extendleft(reversed(self.flying.values()))
        self.flying.clear()
        self._sweep(lambda one: not one.qos)

    def restore(self, delivery: Delivery) -> None:
        """Take back a message from the disk."""
        self.last = max(self.last, delivery.seq)
        self._count(delivery.message.size)
        self.queue.append(delivery)

    def keep_all(self) -> None:
        """The session now outlives its connection: write down what waits."""
        for delivery in (*self.flying.values(), *self.queue):
            if delivery.qos:
                self.journal.keep(self.number, delivery)

    def take(self, groups: Iterable[str]) -> list[Delivery]:
        """Give up what waits here for some shared subscriptions, so that another member can have it."""
        wanted = frozenset(groups)
        taken = [one for one in (*self.flying.values(), *self.queue) if one.group in wanted]
        self.queue = deque(one for one in self.queue if one.group not in wanted)
        self.flying = {number: one for number, one in self.flying.items() if one.group not in wanted}
        for delivery in taken:
            self._forget(delivery)
        return taken

    def empty(self) -> None:
        """Forget everything that waits, because the session ends."""
        for delivery in (*self.flying.values(), *self.queue):
            self._forget(delivery)
        self.queue.clear()
        self.flying.clear()

    def discard_expired(self, now: float) -> None:
        """Let go of what nobody wants any more."""
        self._sweep(lambda one: one.message.expired(now))

    def _sweep(self, unwanted: Callable[[Delivery], bool]) -> None:
        swept = [one for one in self.queue if unwanted(one)]
        if swept:
            self.queue = deque(one for one in self.queue if not unwanted(one))
        for delivery in swept:
            self._forget(delivery)

    def _send(self, outlet: Outlet, delivery: Delivery) -> None:
        if not outlet.deliver(delivery):
            self._forget(delivery)
        elif delivery.qos:
            delivery.sent = True
            self.flying[delivery.packet_id] = delivery
            if self.expiry:
                self.journal.sent(self.number, delivery.seq)
        else:
            self._count(-delivery.message.size)

    def _forget(self, delivery: Delivery) -> None:
        self._count(-delivery.message.size)
        if delivery.qos and self.expiry:
            self.journal.forget(self.number, delivery.seq)

    def _count(self, size: int) -> None:
        self.waiting += size
        self.tally.waiting += size
