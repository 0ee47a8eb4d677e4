"""A TonoCare in its dock, printing to whoever listens."""

from datetime import datetime

from firmware_sim.keeler.tonometer import Measured, TonoCare
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

INSTRUMENTS = {"tonocare": TonoCare}
PRESSED = datetime(2024, 2, 5, 14, 7)

__all__ = ["INSTRUMENTS", "Measured", "TonoCare", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What the model prints."""
    tonometer = TonoCare(null_modem()[0], seed=model)
    return tonometer._say(tonometer._look(Patient.by_chance_of(model)), 1, PRESSED)
