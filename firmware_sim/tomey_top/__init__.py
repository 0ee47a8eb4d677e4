"""A Rodenstock Topascope that prints pressure and thickness, upside down as on its paper."""

from firmware_sim.tomey_top.models import example
from firmware_sim.tomey_top.tonometer import TOP1000, Topascope

INSTRUMENTS = {"topascope": Topascope}

__all__ = ["INSTRUMENTS", "TOP1000", "Topascope", "example"]
