"""By which way the staff work: the cloud's pages, or the gateway's own while the store has no internet.

Everybody finishes what they are at before the way changes, and nobody begins anything meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Ways:
    """``away``: the store is without the internet, and people work at the gateway's page."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._busy, self._shut = 0, False
        self.away = False

    @contextmanager
    def act(self) -> Iterator[bool]:
        """Do something by one way; whether that is the gateway's."""
        with self._turn:
            self._turn.wait_for(lambda: not self._shut)
            self._busy += 1
        try:
            yield self.away
        finally:
            with self._turn:
                self._busy -= 1
                self._turn.notify_all()

    @contextmanager
    def online(self) -> Iterator[None]:
        """Do something that only the cloud's pages can, whenever they are there again."""
        while True:
            with self.act() as away:
                if not away:
                    yield
                    return
            with self._turn:
                self._turn.wait(0.2)

    @contextmanager
    def switch(self, *, away: bool) -> Iterator[None]:
        """Nobody does anything meanwhile; afterwards everybody works by the other way."""
        with self._turn:
            self._shut = True
            self._turn.wait_for(lambda: not self._busy)
        try:
            yield
            self.away = away
        finally:
            with self._turn:
                self._shut = False
                self._turn.notify_all()
