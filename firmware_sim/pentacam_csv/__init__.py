"""A Pentacam whose software appends a row an eye to a table."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.pentacam_csv.tomograph import Pentacam
from firmware_sim.wires import null_modem

INSTRUMENTS = {"pentacam-table": Pentacam}
PRESSED = datetime(2024, 2, 13, 14, 7)

__all__ = ["INSTRUMENTS", "Pentacam", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """The table after one patient."""
    made = Pentacam(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
