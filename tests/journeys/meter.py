"""A line between gateway and cloud that counts every byte, and is cut, or has an end killed, at a chosen one."""

import contextlib
import socket
import threading
from collections.abc import Callable

PIECE = 4096


class Meter:
    """Listens on ``port``; ``up`` counts what went from the gateway to the cloud."""

    def __init__(self, to: Callable[[], int]) -> None:
        self._to = to
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.up = 0
        self._at: list[tuple[int, Callable[[], None]]] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._serve, daemon=True, name="meter").start()

    def at(self, count: int, deed: Callable[[], None]) -> None:
        """Do this once so many bytes went up; nothing goes on meanwhile."""
        with self._lock:
            self._at = sorted([*self._at, (count, deed)], key=lambda one: one[0])

    @property
    def ahead(self) -> int:
        """Deeds that are still to come."""
        with self._lock:
            return len(self._at)

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True, name="meter").start()

    def _join(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, socket.create_connection(("127.0.0.1", self._to())) as far:
            back = threading.Thread(target=_pass, args=(far, near), daemon=True, name="meter")
            back.start()
            while data := near.recv(PIECE):
                self._count(len(data))
                far.sendall(data)
            far.shutdown(socket.SHUT_WR)
            back.join(10)

    def _count(self, count: int) -> None:
        with self._lock:
            self.up += count
            while self._at and self._at[0][0] <= self.up:
                self._at.pop(0)[1]()


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
