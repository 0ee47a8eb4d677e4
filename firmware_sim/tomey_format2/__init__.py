"""A Tomey RT-6000 set to "Format 2"."""

from firmware_sim.tomey_format2.autorefractor import RT6000
from firmware_sim.tomey_format2.models import example

INSTRUMENTS = {"rt-6000": RT6000}

__all__ = ["INSTRUMENTS", "RT6000", "example"]
