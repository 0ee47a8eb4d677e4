"""A VL1000 lensmeter that sends its lenses as key=value."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.visionix_vl.lensmeter import VL1000, Lens, Measured
from firmware_sim.wires import null_modem

INSTRUMENTS = {"vl1000": VL1000}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["INSTRUMENTS", "VL1000", "Lens", "Measured", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model says at a press of Print; they all say the same."""
    lensmeter = VL1000(null_modem()[0], seed=model)
    return lensmeter._say(lensmeter._look(Patient.by_chance_of(model)), 1, PRESSED)
