"""A 2WIN that writes a line an exam, always with a positive cylinder."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.twowin.screener import TwoWin
from firmware_sim.wires import null_modem

INSTRUMENTS = {"2win": TwoWin}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["INSTRUMENTS", "TwoWin", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model writes at the end of an exam."""
    made = TwoWin(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
