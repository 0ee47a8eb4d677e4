"""The models of the family differ in nothing that is known."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.topcon_rm.autorefractor import KR8900
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model says at a press of Print."""
    instrument = KR8900(null_modem()[0], seed=model)
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)
