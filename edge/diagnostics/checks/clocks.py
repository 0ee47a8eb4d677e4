"""Checks of time."""

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site


def plausible(site: Site) -> list[Said]:
    """Is it later than what has certainly passed?"""
    now = site.clock.now()
    return [said("floor" if now.clk.state == "floor" else "ok", at=now.ts_gw)]


def synced(site: Site) -> list[Said]:
    """Does anybody vouch for it?"""
    now = site.clock.now()
    if now.clk.state == "synced":
        return [said("ok", err_ms=now.clk.err_ms)]
    return [said("unsynced")]


def zone(site: Site) -> list[Said]:
    """Times on the console are those of the store."""
    name = site.environment.get("TZ") or site.read("etc/timezone") or _linked(site)
    if name in (None, "", "UTC", "Etc/UTC", "Universal", "Etc/Universal"):
        return [said("utc")]
    return [said("ok", zone=name)]


def _linked(site: Site) -> str | None:
    target = (site.root / "etc/localtime").resolve()
    return str(target).partition("zoneinfo/")[2] or None
