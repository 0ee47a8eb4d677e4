"""A Rodenstock Phoromat 2000: a phoropter that tells what stood in it and takes what is sent to it."""

from firmware_sim.tomey_tap.models import example
from firmware_sim.tomey_tap.phoropter import TAP2000, Phoromat2000

INSTRUMENTS = {"phoromat-2000": Phoromat2000}

__all__ = ["INSTRUMENTS", "TAP2000", "Phoromat2000", "example"]
