"""A Faliao FR-8900 and an FR-710."""

from datetime import datetime

from firmware_sim.faliao.autorefractors import FR710, FR8900
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

INSTRUMENTS = {"fr-8900": FR8900, "fr-710": FR710}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["FR710", "FR8900", "INSTRUMENTS", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model says at a press of Print."""
    made = next(one for one in INSTRUMENTS.values() if one.name == model)(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
