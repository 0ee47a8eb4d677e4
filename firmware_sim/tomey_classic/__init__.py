"""A Tomey RC-5000 set to its classic output and a TL-3000C, which write lines of fixed columns."""

from firmware_sim.tomey_classic.autorefractor import RC5000
from firmware_sim.tomey_classic.lensmeter import TL3000C
from firmware_sim.tomey_classic.models import example

INSTRUMENTS = {"rc-5000-classic": RC5000, "tl-3000c": TL3000C}

__all__ = ["INSTRUMENTS", "RC5000", "TL3000C", "example"]
