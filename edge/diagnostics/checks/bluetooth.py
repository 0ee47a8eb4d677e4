"""The check of the Bluetooth adapter, where an instrument needs one; elsewhere nothing of Bluetooth is even loaded."""

import asyncio
import importlib
from typing import Any

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site

ANSWER_S = 5.0


def bluetooth(site: Site) -> list[Said]:
    """Is there an adapter that is switched on, and may this user use it?"""
    if not any(one.url.startswith(("ble:", "ble-serial:")) for one in site.config.instruments):
        return [said("unused")]
    bluez: Any = importlib.import_module("edge.links.bluez")
    try:
        return [_found(asyncio.run(asyncio.wait_for(bluez.adapters(), ANSWER_S)))]
    except bluez.FAILURES as failure:
        denied = isinstance(failure, PermissionError) or "AccessDenied" in str(getattr(failure, "type", ""))
        return [said("forbidden" if denied else "missing")]


def _found(adapters: dict[str, bool]) -> Said:
    if not adapters:
        return said("no_adapter")
    on = [name for name, powered in adapters.items() if powered]
    return said("ok", adapters=", ".join(on)) if on else said("off", adapters=", ".join(adapters))
