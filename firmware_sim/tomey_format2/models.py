"""The one model of the family."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.tomey_format2.autorefractor import RT6000
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What it says at a press of Print."""
    instrument = RT6000(null_modem()[0], seed=model)
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)
