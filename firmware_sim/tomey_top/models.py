"""Both models of the family."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.tomey_top.tonometer import TOP1000, Topascope
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that measures these kinds says at a press of Print."""
    kind = TOP1000 if model.startswith("TOP") else Topascope
    instrument = kind(null_modem()[0], seed=model)
    instrument.thickness = "pachymetry" in kinds
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)
