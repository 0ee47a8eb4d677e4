"""A MYAH or Aladdin that exports a file of both eyes."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.topcon_polar.biometer import Polar
from firmware_sim.wires import null_modem

INSTRUMENTS = {"myah": Polar}
PRESSED = datetime(2024, 2, 13, 14, 7)

__all__ = ["INSTRUMENTS", "Polar", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """The export of one patient."""
    made = Polar(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
