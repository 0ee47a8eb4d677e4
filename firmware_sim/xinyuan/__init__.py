"""A Xinyuan FA-6500, and an FA-6500K and a Unicos URK-700 that run their figures together."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem
from firmware_sim.xinyuan.autorefractors import FA6500, URK700

INSTRUMENTS = {"fa-6500": FA6500, "urk-700": URK700}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["FA6500", "INSTRUMENTS", "URK700", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model says at a press of Print."""
    made = (FA6500 if model == "FA-6500" else URK700)(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
