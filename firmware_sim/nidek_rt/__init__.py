"""An RT-5100 and an RT-3100: phoropters that print what stood in them and take what is sent to them."""

from firmware_sim.nidek_rt.measured import Refracted, StageMeasured
from firmware_sim.nidek_rt.models import example
from firmware_sim.nidek_rt.phoropter import RT3100, RT5100

INSTRUMENTS = {"rt-3100": RT3100, "rt-5100": RT5100}

__all__ = ["INSTRUMENTS", "RT3100", "RT5100", "Refracted", "StageMeasured", "example"]
