"""A Topcon CT-80 that writes its pressures in columns."""

from firmware_sim.topcon_ct.models import example
from firmware_sim.topcon_ct.tonometer import CT80

INSTRUMENTS = {"ct-80": CT80}

__all__ = ["CT80", "INSTRUMENTS", "example"]
