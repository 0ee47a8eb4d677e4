"""Checks of the box: memory, heat, power. A Raspberry Pi tells the last; elsewhere that is skipped, and said so."""

import re
import shutil
import subprocess

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site

LEAST_MB, LITTLE_MB = 48, 96
HOT_C, WARM_C = 80, 70
FIRMWARE = "sys/devices/platform/soc/soc:firmware/get_throttled"
# Bits of get_throttled (Raspberry Pi documentation, vcgencmd).
UNDER_VOLTAGE, THROTTLED, SOFT_LIMIT = 1 << 0, 1 << 2, 1 << 3
WAS_UNDER_VOLTAGE = 1 << 16


def memory(site: Site) -> list[Said]:
    """Is there memory left?"""
    found = re.search(r"^MemAvailable:\s+(\d+) kB", site.read("proc/meminfo") or "", re.MULTILINE)
    if found is None:
        return [said("unknown")]
    free = int(found[1]) // 1024
    return [said("out" if free < LEAST_MB else "low" if free < LITTLE_MB else "ok", mb=free)]


def celsius(site: Site) -> float | None:
    """The hottest sensor of the board, or None where there is none."""
    zones = sorted((site.root / "sys/class/thermal").glob("thermal_zone*/temp"))
    read = [site.read(str(zone.relative_to(site.root))) for zone in zones]
    return max((int(one) / 1000 for one in read if one and one.lstrip("-").isdigit()), default=None)


def temperature(site: Site) -> list[Said]:
    """Is it too hot to work at full speed?"""
    hottest, bits = celsius(site), throttling(site)
    if hottest is None:
        return [said("unknown")]
    if hottest >= HOT_C or (bits or 0) & (THROTTLED | SOFT_LIMIT):
        return [said("hot", c=f"{hottest:.0f}")]
    return [said("warm" if hottest >= WARM_C else "ok", c=f"{hottest:.0f}")]


def power_supply(site: Site) -> list[Said]:
    """Is the voltage high enough? Too little of it is what corrupts cards."""
    bits = throttling(site)
    if bits is None:
        return [said("unknown")]
    return [said("low" if bits & UNDER_VOLTAGE else "was_low" if bits & WAS_UNDER_VOLTAGE else "ok")]


def throttling(site: Site) -> int | None:
    """What a Raspberry Pi says of its power and heat, None on any other box."""
    told = site.read(FIRMWARE) or _asked(site)
    try:
        return int(told, 16) if told else None
    except ValueError:
        return None


def _asked(site: Site) -> str | None:
    tool = shutil.which("vcgencmd", path=site.environment.get("PATH"))
    if tool is None:
        return None
    try:
        answer = subprocess.run([tool, "get_throttled"], capture_output=True, text=True, timeout=5)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip().partition("=")[2] or None
