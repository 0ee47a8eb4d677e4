"""Processes that live and die with the demo: started in order, ended in reverse, never left behind."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE_SECONDS = 90.0  # a machine that does much else at the same time


class DidNotStart(Exception):
    """A part of the demo ended or stayed silent at its start; says which, and where its log lies."""


class Children:
    """The demo's processes; use as a context manager, leaving it ends them all."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "Children":
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for _name, process in reversed(self._running):
            _end(process)

    def start(
        self,
        name: str,
        words: Sequence[str],
        extra: Mapping[str, str] | None = None,
        *,
        module: str = "deploy",
        program: str | None = None,
    ) -> subprocess.Popen[bytes]:
        """Run ``emmetra WORDS`` (or another module or program) as a child; what it prints goes to its log."""
        log = (self._logs / f"{name}.log").open("ab")
        with log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [program, *words] if program else [sys.executable, "-m", module, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **(extra or {})},
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._running.append((name, process))
        return process

    def wait(self, name: str, ready: Callable[[], bool]) -> None:
        """Wait until a part is ready. Raises DidNotStart."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not ready():
            ended = next((p for n, p in self._running if n == name and p.poll() is not None), None)
            if ended is not None or time.monotonic() > deadline:
                raise DidNotStart(f"the {name} did not start; {self._logs / f'{name}.log'} says why")
            time.sleep(0.05)

    def end(self, name: str) -> None:
        """End one part in good order."""
        for process in self._taken(name):
            _end(process)

    def kill(self, name: str) -> None:
        """End one part as a power cut would."""
        for process in self._taken(name):
            process.kill()
            process.wait()

    def _taken(self, name: str) -> list[subprocess.Popen[bytes]]:
        found = [process for known, process in self._running if known == name]
        self._running = [(known, process) for known, process in self._running if known != name]
        return found

    def ended(self) -> str | None:
        """The name of a part that ended by itself, if any did."""
        return next((name for name, process in self._running if process.poll() is not None), None)


def _die_with_parent() -> None:
    """Even when the demo is killed, its parts get the signal to end."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(8)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port(wanted: int = 0) -> int:
    """The wanted port, or the next free one above it; any free one for 0."""
    for port in [0] if wanted == 0 else range(wanted, wanted + 50):
        with socket.socket() as probe:
            # the last demo's connections linger for a minute; they do not hold the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DidNotStart(f"no port is free from {wanted} on; end the program that holds them, or choose with --port")


def answers(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
