"""What support asks first: the system, the network, the software, the outbox in numbers. No bodies, no names."""

import os
import platform
import sqlite3
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

from edge.diagnostics.checks.outbox import FILE, reading
from edge.diagnostics.redacting import plain_url
from edge.diagnostics.site import Site

COUNTS = {
    "results": "SELECT kind, dev, drv, count(*), total(length(body)), min(seq), max(seq) FROM results GROUP BY 1, 2, 3",
    "dead": "SELECT kind, dev, drv, count(*), total(length(body)), min(seq), max(seq) FROM dead GROUP BY 1, 2, 3",
    "bulletins": "SELECT cls, count(*), total(length(body)) FROM bulletin GROUP BY 1",
    "raw": "SELECT count(*), total(length(body)) FROM raw",
    "commands": "SELECT count(*) FROM command",
}


def outbox(site: Site) -> dict[str, Any]:
    """Counts and sizes."""
    path = site.config.data / FILE
    told: dict[str, Any] = {"files": {one.name: one.stat().st_size for one in path.parent.glob(f"{FILE}*")}}
    with suppress(sqlite3.Error), reading(path) as db:
        for name, question in COUNTS.items():
            told[name] = [list(row) for row in db.execute(question)]
    return told


def system(site: Site) -> dict[str, Any]:
    """Kernel, load, mounts of the data folder."""
    disk = os.statvfs(site.config.data) if site.config.data.exists() else None
    return {
        "platform": platform.platform(),
        "machine": platform.machine(),
        "model": (site.read("proc/device-tree/model") or "").strip("\0"),
        "system": _release(site),
        "python": sys.version,
        "uptime": site.read("proc/uptime"),
        "load": site.read("proc/loadavg"),
        "memory": (site.read("proc/meminfo") or "").splitlines()[:5],
        "disk": disk and {"free": disk.f_bavail * disk.f_frsize, "size": disk.f_blocks * disk.f_frsize},
        "mounts": [line for line in (site.read("proc/mounts") or "").splitlines() if line.startswith("/dev/")],
    }


def _release(site: Site) -> str:
    found = [one for one in (site.read("etc/os-release") or "").splitlines() if one.startswith("PRETTY_NAME=")]
    return found[0].partition("=")[2].strip('"') if found else ""


def network(site: Site) -> dict[str, Any]:
    """Interfaces, routes, name servers, and where the broker is looked for."""
    return {
        "broker": plain_url(site.config.broker.url),
        "interfaces": _told("ip", "-brief", "address"),
        "routes": _told("ip", "route"),
        "resolver": [line for line in (site.read("etc/resolv.conf") or "").splitlines() if not line.startswith("#")],
        "traffic": (site.read("proc/net/dev") or "").splitlines(),
    }


def _told(*words: str) -> list[str]:
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=5)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines()


def software() -> dict[str, str]:
    """What is installed, by name."""
    return {one.name: one.version for one in sorted(metadata.distributions(), key=lambda one: one.name.lower())}


def folders(data: Path) -> list[list[Any]]:
    """Names and sizes of what lies in the data folder itself; names below may be those of result files."""
    return [[one.name, one.stat().st_size if one.is_file() else None] for one in sorted(data.glob("*"))]
