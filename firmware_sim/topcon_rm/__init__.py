"""A Topcon KR-8900 on its serial line, as far as anybody understands it."""

from firmware_sim.topcon_rm.autorefractor import KR8900
from firmware_sim.topcon_rm.models import example

INSTRUMENTS = {"kr-8900": KR8900}

__all__ = ["INSTRUMENTS", "KR8900", "example"]
