"""An HRK-8000A that speaks in records, an RMK-800 that sends its averages, and what their relatives say."""

from firmware_sim.huvitz.autorefractor import HRK8000A, Measured
from firmware_sim.huvitz.averages import RMK800
from firmware_sim.huvitz.models import example

INSTRUMENTS = {"hrk-8000a": HRK8000A, "rmk-800": RMK800}

__all__ = ["HRK8000A", "INSTRUMENTS", "RMK800", "Measured", "example"]
