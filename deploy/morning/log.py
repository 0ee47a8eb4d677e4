"""The simulator's own log: what it did and saw, by its own clock. The judge reads nothing else of what happened."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

WAITS, CALLED, SERVED, AWAY, OVER = "waits", "called", "served", "away", "over"


@dataclass
class Deed:
    """Something done between two moments; ``moves`` are (station, state) somebody came into by it.

    ``alone``: nothing else was done meanwhile. ``guessed``: its answer was lost, and what came of it was looked up.
    ``away``: it was done at the gateway's page, without the internet.
    """

    what: str
    began: float
    by: str = ""
    alone: bool = False
    ended: float = 0.0
    ticket: str = ""
    station: str = ""
    door: int | None = None
    turn: int = 0
    step: int = 0
    moves: tuple[tuple[str, str], ...] = ()
    guessed: bool = False
    back: bool = False
    away: bool = False


@dataclass
class Outage:
    """Something was away from ``began`` until everything was as before."""

    what: str
    began: float
    ended: float = float("inf")


@dataclass
class Log:
    """Deeds in the order in which they ended. While ``in_turn``, one is done after the other."""

    in_turn: bool = True
    deeds: list[Deed] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    claimed: set[tuple[str, str, int, bool]] = field(default_factory=set)
    epoch: float = field(default_factory=lambda: time.time() - time.monotonic())  # what a wall clock says more
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _own: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def deed(self, what: str, by: str, **told: object) -> Iterator[Deed]:
        """Do something; what it became is written into the deed. One without a ticket came to nothing."""
        with self._turn if self.in_turn else nullcontext():
            one = Deed(what, time.monotonic(), by, self.in_turn, **told)  # type: ignore[arg-type]
            yield one
            one.ended = time.monotonic()
            with self._own:
                self.deeds += [one] if one.ticket else []

    def loosen(self) -> None:
        """From now on everybody does things at the same time."""
        with self._turn:
            self.in_turn = False

    @contextmanager
    def outage(self, what: str) -> Iterator[None]:
        """Something is away meanwhile."""
        one = Outage(what, time.monotonic())
        self.outages.append(one)
        yield
        one.ended = time.monotonic()

    def claim(self, key: tuple[str, str, int, bool]) -> bool:
        """Take a call for one's own: whether nobody has."""
        with self._own:
            fresh = key not in self.claimed
            self.claimed.add(key)
            return fresh

    def disturbed(self, began: float, ended: float, margin: float = 0.0) -> bool:
        """Whether something was away at this time, or so many seconds before it."""
        return any(one.began <= ended and began <= one.ended + margin for one in self.outages)
