"""Checks of the gateway itself."""

import fcntl

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site

LOCK = "gateway.lock"


def config(site: Site) -> list[Said]:
    """Is the configuration understood?"""
    return [said("ok", path=site.config.path, n=len(site.config.instruments))]


def software_slots(site: Site) -> list[Said]:
    """Which software runs, and is another on trial?"""
    update = site.status.get("update", {}) if site.status else {}
    if not update.get("slot"):
        return [said("none")]
    about = {"slot": update["slot"], "version": update.get("version") or "", "step": update.get("step")}
    if update.get("refused"):
        return [said("refused", versions=", ".join(update["refused"]), **about)]
    return [said("ok" if about["step"] == "idle" else "under_way", **about)]


def one_gateway(site: Site) -> list[Said]:
    """Does exactly one gateway work here, under its own name?"""
    if "duplicate_identity" in site.alarms:
        return [said("duplicate")]
    held = _held(site)
    if site.running:
        return [said("ok")]
    return [said("mute" if held else "not_running", path=site.config.data)]


def _held(site: Site) -> bool:
    try:
        with (site.config.data / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def watchdog(site: Site) -> list[Said]:
    """Would somebody notice if it hung?"""
    told = site.status.get("watchdog") if site.status else None
    if told is None:
        return [said("not_running")]
    if not told["asked"]:
        return [said("none")]
    return [said("ok" if told["fed"] else "hungry")]
