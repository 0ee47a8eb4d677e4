"""What time it is, and how far that can be believed.

``floor``: the wall clock is behind a time that has certainly passed (a Pi has no battery); the floor plus the
time since start is told instead. ``coarse``: plausible, nobody vouches for it. ``synced``: the kernel's
clock discipline says so, against any floor. Every reading also gets the monotonic clock and the boot it counts
from, so that the cloud can correct its time beside it once the clock of that boot is synced.
"""

import ctypes
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from protocols.envelope import Clock as ClockState

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
TIMESYNCD = Path("/run/systemd/timesync/synchronized")
STA_UNSYNC = 0x0040  # linux/timex.h: clock unsynchronized
TIME_ERROR = 5  # adjtimex(2): clock not synchronized


class Now(NamedTuple):
    """One look at the clock."""

    ts_gw: str
    mono_ns: int
    clk: ClockState


class _Timex(ctypes.Structure):
    # struct timex of adjtimex(2) on 64-bit and 32-bit Linux alike, padded generously at the end
    _fields_ = [
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    ]


def kernel_sync() -> tuple[bool, int | None]:
    """Whether the kernel's clock is disciplined, and its largest error in milliseconds."""
    timex = _Timex()
    try:
        verdict = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (AttributeError, OSError):  # not Linux
        return False, None
    if verdict == -1:  # a sandbox forbids the question; systemd-timesyncd leaves a sign as well
        return TIMESYNCD.exists(), None
    synced = verdict != TIME_ERROR and not timex.status & STA_UNSYNC
    return synced, timex.maxerror // 1000 if synced else None


def boot_id() -> str:
    """Names this run of the kernel; a fresh name where the system has none."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return str(uuid.uuid4())


def iso(seconds: float) -> str:
    """ISO 8601 UTC with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Clock:
    """The gateway's clock. ``floor`` is the latest time known to have passed, in seconds since 1970.

    ``wall`` (seconds), ``mono`` (nanoseconds) and ``kernel`` are this machine's; a test brings its own.
    """

    floor: float = 0.0
    boot: str = field(default_factory=boot_id)
    wall: Callable[[], float] = time.time
    mono: Callable[[], int] = time.monotonic_ns
    kernel: Callable[[], tuple[bool, int | None]] = kernel_sync

    def __post_init__(self) -> None:
        self._start_ns = self.mono()
        self._looked = 0.0
        self._sync: tuple[bool, int | None] = (False, None)

    def now(self) -> Now:
        """Wall clock, monotonic clock, and how good they are."""
        mono, wall = self.mono(), self.wall()
        synced, err_ms = self._kernel(mono / 1e9)
        if synced:
            return Now(iso(wall), mono, ClockState(state="synced", err_ms=err_ms, src="kernel"))
        if wall < self.floor:
            raised = self.floor + (mono - self._start_ns) / 1e9
            return Now(iso(raised), mono, ClockState(state="floor"))
        return Now(iso(wall), mono, ClockState(state="coarse"))

    def _kernel(self, mono: float) -> tuple[bool, int | None]:
        if not self._looked or mono - self._looked > 1:
            self._looked, self._sync = mono, self.kernel()
        return self._sync


def known_floor(*witnesses: Path) -> float:
    """The latest modification time among files that cannot come from the future: our own code, the outbox."""
    return max((path.stat().st_mtime for path in witnesses if path.exists()), default=0.0)


def valid_from(certificate: Path | None) -> float:
    """When a certificate began to be valid: that moment has passed. 0 where there is none to read."""
    try:
        # CPython's own test helper; the alternative is a library of 10 MB for one date.
        found = ssl._ssl._test_decode_cert(str(certificate))  # type: ignore[attr-defined]
        return float(ssl.cert_time_to_seconds(found["notBefore"]))
    except (OSError, ValueError, KeyError):  # ssl.SSLError is an OSError
        return 0.0
