"""What a simulated gateway holds: rows nobody has confirmed, and how far the cloud is.

The rules are those of a real gateway (docs/mqtt.md): rows leave in order, at most WINDOW batches ahead of what the
cloud has confirmed, and are dropped only when the cloud says, after its commit, that it has them.
"""

import itertools
import random
import uuid
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from protocols.envelope import Ack, Address, Batch, Birth, Clock, Death, InstrumentState, Item
from protocols.envelope.messages import MAX_ITEMS
from protocols.readings import Autorefraction, AutorefractionEye, Instrument, Integrity, to_json

WINDOW = 4
PATIENCE_S, PATIENCE_CAP_S = 30.0, 240.0
ASKED_AGAIN_S = 5.0
NOBODY = uuid.UUID(int=0)
_CLOCK = Clock(state="synced", err_ms=5, src="kernel")


def _body() -> bytes:
    """A refraction of both eyes, about 400 bytes; every row has it under a reading_id of its own."""
    eye = AutorefractionEye(sphere=Decimal("-2.25"), cylinder=Decimal("-0.75"), axis=80)
    instrument = Instrument(maker="NIDEK", model="ARK-1a", dialect="nidek_frame")
    integrity = Integrity(checksum="ok", raw_sha256="0" * 64)
    reading = Autorefraction(
        instrument=instrument,
        integrity=integrity,
        right=eye,
        left=eye,
        reading_id=str(NOBODY),
        schema="emmetra.reading/1",
    )
    return bytes(to_json(reading))


class Box:
    """One gateway, whether it is connected or not. Times are monotonic seconds, given by the caller."""

    def __init__(self, address: Address, luck: random.Random) -> None:
        self.address = address
        self.epoch = luck.getrandbits(62) + 1
        self.boot = str(uuid.UUID(int=luck.getrandbits(128)))
        self.last = self.hwm = 0
        self._gave_again = -ASKED_AGAIN_S
        self.reborn()
        self._waiting: deque[Item] = deque()  # from hwm + 1 to last

    def capture(self, now: float) -> None:
        """A reading is stored: from here on it must not be lost."""
        self.last += 1
        self._waiting.append(self._item(self.last, now))

    def reborn(self) -> None:
        """A connection is new: what was under way is nobody's."""
        self._flights: deque[tuple[int, float]] = deque()  # last row of a batch, when it left
        self._cursor, self._patience = self.hwm, PATIENCE_S

    def next_batches(self, now: float) -> Iterator[Batch]:
        """What may leave now."""
        while len(self._flights) < WINDOW and self._cursor < self.last:
            first = self._cursor + 1
            self._cursor = min(self.last, self._cursor + MAX_ITEMS)
            self._flights.append((self._cursor, now))
            yield self._batch(first, self._cursor)

    def heard(self, ack: Ack, now: float) -> list[Batch]:
        """The cloud's acknowledgement; what it misses is given again, but not at every word."""
        if ack.epoch != self.epoch:
            return []
        while self._waiting and self._waiting[0].seq <= ack.hwm:
            self._waiting.popleft()
        if ack.hwm > self.hwm:
            self.hwm, self._patience = ack.hwm, PATIENCE_S
            self._cursor = max(self._cursor, ack.hwm)
        while self._flights and self._flights[0][0] <= self.hwm:
            self._flights.popleft()
        if not ack.missing or now - self._gave_again < ASKED_AGAIN_S:
            return []
        self._gave_again = now
        missed = (range(max(span.first, self.hwm + 1), span.last + 1) for span in ack.missing)
        return [self._batch(rows[0], min(rows[-1], rows[0] + MAX_ITEMS - 1)) for rows in missed if rows]

    def impatient(self, now: float) -> bool:
        """Whether the cloud was silent for too long, so that everything leaves again."""
        if not self._flights or now - self._flights[0][1] < self._patience:
            return False
        self.rewind()
        self._patience = min(PATIENCE_CAP_S, self._patience * 2)
        return True

    def rewind(self) -> None:
        """The broker did not take what was under way."""
        self._flights.clear()
        self._cursor = self.hwm

    @property
    def depth(self) -> int:
        """Rows that wait."""
        return len(self._waiting)

    def birth(self, session: str) -> Birth:
        """What is told on every connect."""
        at = _stamp()
        ark = InstrumentState(dev="ark", family="nidek_frame", link="/dev/serial/by-id/a", state="connected", since=at)
        return Birth(
            v=1,
            state="online",
            session=session,
            at=at,
            software="fleet",
            epoch=self.epoch,
            hwm=self.hwm,
            depth=self.depth,
            clk=_CLOCK,
            instruments=[ark],
        )

    def _batch(self, first: int, last: int) -> Batch:
        rows = itertools.islice(self._waiting, first - self.hwm - 1, last - self.hwm)
        return Batch(v=1, epoch=self.epoch, items=list(rows))

    def _item(self, seq: int, now: float) -> Item:
        named = str(uuid.UUID(int=self.epoch << 64 | seq)).encode()
        return Item(
            seq=seq,
            kind="reading",
            boot=self.boot,
            ts_gw=_stamp(),
            mono_ns=int(now * 1e9),
            clk=_CLOCK,
            dev="ark",
            drv="nidek_frame",
            drv_v="1",
            body=msgspec.Raw(_BODY.replace(str(NOBODY).encode(), named)),
        )


def death(session: str) -> Death:
    """The last word the broker speaks for a gateway that is cut off."""
    return Death(v=1, state="offline", session=session, reason="the connection was lost")


def _stamp() -> str:
    return datetime.now(UTC).isoformat()


_BODY = _body()
