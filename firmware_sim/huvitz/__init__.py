"""An HRK-8000A that speaks in records, and what its relatives say."""

from firmware_sim.huvitz.autorefractor import HRK8000A, Measured
from firmware_sim.huvitz.models import example

INSTRUMENTS = {"hrk-8000a": HRK8000A}

__all__ = ["HRK8000A", "INSTRUMENTS", "Measured", "example"]
