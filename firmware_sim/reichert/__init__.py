"""A Reichert G3 that prints pressures and how the cornea answered."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.reichert.tonometer import G3, Answer, Measured
from firmware_sim.wires import null_modem

INSTRUMENTS = {"reichert-g3": G3}
PRESSED = datetime(2024, 2, 15, 14, 7)

__all__ = ["G3", "INSTRUMENTS", "Answer", "Measured", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model says at a press of Print; they are all taken to say the same."""
    tonometer = G3(null_modem()[0], seed=model)
    return tonometer._say(tonometer._look(Patient.by_chance_of(model)), 1, PRESSED)
