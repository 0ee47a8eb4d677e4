"""The check of what calls patients."""

import asyncio

from edge.callers import Callers
from edge.callers.device import Fault
from edge.callers.kept import Kept
from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site

WITHIN_S = 15.0


def callers(site: Site) -> list[Said]:
    """Would each do its part now? A running gateway tries them once a minute and says how they are."""
    if not site.config.callers:
        return [said("none")]
    if site.status is not None:
        return [_told(one)._replace(subject=one["name"]) for one in site.status.get("callers", [])]
    return asyncio.run(_tried(site))


def _told(one: dict[str, str]) -> Said:
    if one["state"] == "starting":
        return said("unknown")
    return said("lost", why=one["why"]) if one["state"] == "lost" else said("ok", kind=one["kind"], link=one["link"])


async def _tried(site: Site) -> list[Said]:
    kept = Callers(site.config.callers, site.config.data, lambda: None).kept.values()
    return [(await _try(one))._replace(subject=one.name) for one in kept]


async def _try(one: Kept) -> Said:
    if one.settings.kind == "screen":
        return said("not_running")
    try:
        async with asyncio.timeout(WITHIN_S):
            await one.device.look()
    except (Fault, TimeoutError) as fault:
        return said("lost", why=str(fault))
    return said("ok", kind=one.settings.kind, link=one.link)
