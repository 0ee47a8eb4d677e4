"""A DGH 550 that sends thicknesses and not whose."""

from datetime import datetime

from firmware_sim.dgh.pachymeter import DGH550, Measured
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

INSTRUMENTS = {"dgh-550": DGH550}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["DGH550", "INSTRUMENTS", "Measured", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What the model says at the end of a measurement."""
    pachymeter = DGH550(null_modem()[0], seed=model)
    return pachymeter._say(pachymeter._look(Patient.by_chance_of(model)), 1, PRESSED)
