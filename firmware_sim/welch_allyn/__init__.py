"""A Spot VS100 whose print-outs are kept as text."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.welch_allyn.screener import SpotVS100
from firmware_sim.wires import null_modem

INSTRUMENTS = {"spot-vs100": SpotVS100}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["INSTRUMENTS", "SpotVS100", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What the model prints."""
    made = SpotVS100(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
