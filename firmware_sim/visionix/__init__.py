"""An L80 and a VX100 that write an INI file an eye, and a VX120 that writes XML."""

from firmware_sim.visionix.files import L80, VX100
from firmware_sim.visionix.models import example
from firmware_sim.visionix.tonometer import VX120

INSTRUMENTS = {"l80": L80, "vx120": VX120}

__all__ = ["INSTRUMENTS", "L80", "VX100", "VX120", "example"]
