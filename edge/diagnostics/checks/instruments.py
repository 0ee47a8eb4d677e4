"""Checks of every instrument the configuration names."""

import asyncio
import errno
import grp
import os
from collections.abc import Callable
from pathlib import Path

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site
from edge.links import LineSettings, LinkRefused, open_link
from edge.links.opening import address
from edge.links.serial_port import ports_here
from edge.links.usb import port_of
from edge.supervisor import InstrumentSettings, Misfit

QUIET_S = 86_400.0


def _each(site: Site, look: Callable[[Site, InstrumentSettings], Said]) -> list[Said]:
    found = [look(site, one)._replace(subject=one.name) for one in site.config.instruments]
    return found or [said("no_instruments")]


def driver(site: Site) -> list[Said]:
    """Is there a driver for it, and does it understand its settings?"""
    return _each(site, _driver)


def _driver(site: Site, one: InstrumentSettings) -> Said:
    try:
        fitting = site.fit(one)
    except Misfit as refusal:
        return said("misfit", why=refusal)
    return said("ok", family=one.family, version=fitting.version)


def present(site: Site) -> list[Said]:
    """Is the port there?"""
    return _each(site, _present)


def _present(_: Site, one: InstrumentSettings) -> Said:
    try:
        path = _device(one.url)
    except LinkRefused as refusal:
        return said("gone", url=one.url, ports=ports_here(), why=refusal.what)
    if path is None:
        return said("not_serial")
    return said("ok", url=one.url) if path.exists() else said("gone", url=one.url, ports=ports_here())


def permission(site: Site) -> list[Said]:
    """May this user use the port?"""
    return _each(site, _permission)


def _permission(_: Site, one: InstrumentSettings) -> Said:
    try:
        path = _device(one.url)
    except LinkRefused:
        path = Path("/nonexistent")
    if path is None:
        return said("not_serial")
    if not path.exists():
        return said("gone")
    return said("ok") if os.access(path, os.R_OK | os.W_OK) else said("refused", group=_group(path), url=one.url)


def opens(site: Site) -> list[Said]:
    """Does the link open?"""
    return _each(site, _opens)


def _opens(site: Site, one: InstrumentSettings) -> Said:
    told = site.told_of(one.name)
    if told and told["state"] == "connected":
        return said("held", url=one.url)
    if _present(site, one).case == "gone":
        return said("gone")
    try:
        asyncio.run(_try_out(one.url, site.fit(one).line, site))
    except (LinkRefused, Misfit) as refusal:
        if isinstance(refusal, Misfit):
            return said("misfit")
        return said("refused", why=refusal.what, hint=refusal.hint)
    return said("ok", url=one.url)


async def _try_out(url: str, line: LineSettings, site: Site) -> None:
    async with asyncio.timeout(10):
        link = await open_link(url, line, site.config.data if url.startswith(("folder:", "files:")) else None)
    await link.aclose()


def last_heard(site: Site) -> list[Said]:
    """When did it last say something?"""
    return _each(site, _last_heard)


def _last_heard(site: Site, one: InstrumentSettings) -> Said:
    told = site.told_of(one.name)
    if site.status is None or told is None:
        return said("not_running")
    ago = told["last_reading_s"]
    if ago is None:
        up_h = f"{site.status['uptime_s'] / 3600:.1f}"
        return said("garbled" if told["garbled"] else "never", h=up_h, n=told["garbled"])
    return said("long_ago" if ago > QUIET_S else "ok", h=f"{ago / 3600:.1f}", min=f"{ago / 60:.0f}")


def _device(url: str) -> Path | None:
    """The device behind an address; None where it is no port of this machine. Raises LinkRefused."""
    kind, where = address(url)
    if kind == "usb":
        return Path(port_of(where))
    return Path(where) if kind == "serial" else None


def _group(path: Path) -> str:
    try:
        return grp.getgrgid(path.stat().st_gid).gr_name
    except (KeyError, OSError):
        return os.strerror(errno.EACCES)
