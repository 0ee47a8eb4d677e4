"""Every simulated instrument, found by walking the folders; there is no list to edit."""

import importlib
import pkgutil
from typing import Any

import firmware_sim


def instruments() -> dict[str, Any]:
    """Names for the command line and the classes behind them."""
    families = (room.name for room in pkgutil.iter_modules(firmware_sim.__path__) if room.ispkg)
    found: dict[str, Any] = {}
    for name in families:
        found |= getattr(importlib.import_module(f"firmware_sim.{name}"), "INSTRUMENTS", {})
    return dict(sorted(found.items()))
