"""A CSO topographer that writes a raw text a map."""

from datetime import datetime

from firmware_sim.cso_text.topographer import Topographer
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

INSTRUMENTS = {"cso-topographer": Topographer}
PRESSED = datetime(2024, 2, 13, 14, 7)

__all__ = ["INSTRUMENTS", "Topographer", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """The map of one eye."""
    made = Topographer(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
