"""No faster than agreed."""

import threading
import time


class Stopped(OSError):
    """Nobody wants to go on."""


class Pace:
    """Lets so many kilobits through in a second; 0 is as fast as it goes. For one thread; any may stop it."""

    def __init__(self, kbit_s: float) -> None:
        self._bytes_s = kbit_s * 125
        self._due = 0.0
        self._stop = threading.Event()

    def stop(self) -> None:
        """Whoever waits, waits no longer."""
        self._stop.set()

    def step(self, count: int) -> None:
        """Wait until so many bytes may go. Raises Stopped."""
        wait = self._due - time.monotonic()
        if self._stop.wait(wait) if wait > 0 else self._stop.is_set():
            raise Stopped
        if self._bytes_s:
            self._due = max(self._due, time.monotonic()) + count / self._bytes_s
