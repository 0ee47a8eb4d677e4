"""A Tomey RC-5000, a Rodenstock CX 2000 and a Tomey TL-6100 that write lines of bracketed tags."""

from firmware_sim.tomey_tagged.autorefractor import CX2000, RC800, RC5000
from firmware_sim.tomey_tagged.lensmeter import TL6100
from firmware_sim.tomey_tagged.models import example

INSTRUMENTS = {"rc-5000": RC5000, "cx-2000": CX2000, "tl-6100": TL6100}

__all__ = ["CX2000", "INSTRUMENTS", "RC800", "RC5000", "TL6100", "example"]
