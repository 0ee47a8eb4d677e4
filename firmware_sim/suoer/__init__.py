"""An SW-800 whose print-outs are kept as text."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.suoer.screener import SW800
from firmware_sim.wires import null_modem

INSTRUMENTS = {"sw-800": SW800}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["INSTRUMENTS", "SW800", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What the model prints."""
    made = SW800(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
