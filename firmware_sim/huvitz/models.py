"""What each relative says at a press of Print."""

from datetime import datetime

from firmware_sim.huvitz.autorefractor import HRK8000A
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)
WITHOUT_PD = ("CRK-8800",)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """A print-out of somebody who is always the same under a model's name."""
    relative = HRK8000A(null_modem()[0], seed=model, pd=model not in WITHOUT_PD, gap="", corneas="keratometry" in kinds)
    return relative._say(relative._look(Patient.by_chance_of(model)), 1, PRESSED)
