"""Checks of the disk."""

import os
import tempfile
import time

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site
from edge.outbox.outbox import MIB, free_bytes

SLOW_SYNC_MS = 100
FEW_INODES = 0.05


def folder(site: Site) -> list[Said]:
    """Is the data folder there, and ours?"""
    data = site.config.data
    try:
        data.mkdir(parents=True, exist_ok=True)
        next(data.iterdir(), None)
    except OSError as refusal:
        return [said("unusable", path=data, why=refusal.strerror)]
    if not os.access(data, os.W_OK | os.X_OK):
        return [said("readonly", path=data)]
    return [said("ok", path=data)]


def space(site: Site) -> list[Said]:
    """Is there room for results?"""
    floor = site.config.disk_floor_mb
    try:
        free = free_bytes(site.config.data) // MIB
    except OSError:
        return [said("unknown")]
    return [said("full" if free < floor else "low" if free < 4 * floor else "ok", free=free, floor=floor)]


def inodes(site: Site) -> list[Said]:
    """Can files still be made? A disk may have room and no names left."""
    try:
        disk = os.statvfs(site.config.data)
    except OSError:
        return [said("unknown")]
    if disk.f_files == 0:  # btrfs and its like have no fixed number
        return [said("unlimited")]
    share = disk.f_favail / disk.f_files
    return [said("few" if share < FEW_INODES else "ok", free=disk.f_favail)]


def sync(site: Site) -> list[Said]:
    """Can a result be put on disk, and how long does that take?"""
    try:
        took = _sync_ms(site)
    except OSError as refusal:
        return [said("refused", why=refusal.strerror, path=site.config.data)]
    return [said("slow" if took > SLOW_SYNC_MS else "ok", ms=f"{took:.1f}")]


def _sync_ms(site: Site) -> float:
    with tempfile.NamedTemporaryFile(dir=site.config.data) as probe:
        started = time.perf_counter()
        for _ in range(5):
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        return (time.perf_counter() - started) / 5 * 1000
