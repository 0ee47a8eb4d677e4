"""What the machine says of itself, read from Linux's own files; what it does not say is absent."""

import os
from collections.abc import Mapping
from pathlib import Path

THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
PROC = Path("/proc/self")
PAGE = os.sysconf("SC_PAGE_SIZE")


def temperature_c(at: Path = THERMAL) -> float | None:
    """Degrees Celsius of the processor."""
    found = _number(at, 10)
    return None if found is None else round(found / 1000, 1)


def throttled(at: Path = THROTTLED) -> int | None:
    """The bits of the Raspberry Pi's firmware, written in hex."""
    return _number(at, 16)


def memory_bytes(at: Path = PROC) -> int | None:
    """Resident memory of this process."""
    words = _text(at / "statm").split()
    return int(words[1]) * PAGE if len(words) > 1 else None


def written_bytes(at: Path = PROC) -> int | None:
    """What this process had written to the disk; the file is closed to some sandboxes."""
    lines = (line.partition(":") for line in _text(at / "io").splitlines())
    found: Mapping[str, str] = {name: value for name, _, value in lines}
    return int(found["write_bytes"]) if "write_bytes" in found else None


def _number(at: Path, base: int) -> int | None:
    try:
        return int(_text(at).strip(), base)
    except ValueError:
        return None


def _text(at: Path) -> str:
    try:
        return at.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
