"""The no-loss protocol without a network: which rows to send next, and what each answer means.

Rows go out in order, at most WINDOW batches ahead of what the cloud has confirmed. A PUBACK only says that the
broker took a batch; a row is forgotten when the cloud says, after its commit, that everything up to it is safe.
Whatever goes missing in between (broker wiped, ingest killed, acknowledgement lost) ends in the same way: no
acknowledgement for a while, and the rows are sent again from the first unconfirmed one. The cloud drops
duplicates by (epoch, seq).
"""

from collections import deque
from dataclasses import dataclass

WINDOW = 4
PATIENCE_S = 30.0
PATIENCE_CAP_S = 240.0


@dataclass(frozen=True, slots=True)
class Flight:
    """A batch under way: first and last row, and when it left."""

    first: int
    last: int
    at: float


class Window:
    """Where sending stands. Times are monotonic seconds, given by the caller."""

    def __init__(self, hwm: int) -> None:
        self.flights: deque[Flight] = deque()
        self.width = WINDOW
        self.begin(hwm)

    def begin(self, hwm: int) -> None:
        """A fresh start: nothing under way, send from behind ``hwm``."""
        self.flights.clear()
        self.hwm = self.cursor = hwm
        self.patience = PATIENCE_S

    @property
    def open(self) -> bool:
        """Another batch may leave."""
        return len(self.flights) < self.width

    def sent(self, first: int, last: int, now: float) -> Flight:
        """A batch left."""
        flight = Flight(first, last, now)
        self.flights.append(flight)
        self.cursor = max(self.cursor, last)
        return flight

    def acknowledged(self, hwm: int, now: float) -> bool:
        """The cloud has everything up to ``hwm``. True when that is news."""
        if hwm <= self.hwm:
            return False
        self.hwm = hwm
        self.cursor = max(self.cursor, hwm)
        while self.flights and self.flights[0].last <= hwm:
            self.flights.popleft()
        # The cloud is alive: what is still under way gets its full time again.
        self.flights = deque(Flight(f.first, f.last, now) for f in self.flights)
        self.patience = PATIENCE_S
        return True

    def deadline(self) -> float | None:
        """When patience ends, or None with nothing under way."""
        return self.flights[0].at + self.patience if self.flights else None

    def overdue(self, now: float) -> bool:
        """Patience has ended: everything unconfirmed is sent again, with longer patience each time."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return False
        self.rewind()
        self.patience = min(self.patience * 2, PATIENCE_CAP_S)
        return True

    def rewind(self) -> None:
        """Send again from the first unconfirmed row."""
        self.flights.clear()
        self.cursor = self.hwm
