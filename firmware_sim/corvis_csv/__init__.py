"""Analysers of corneal biomechanics that append a row an eye to a table."""

from datetime import datetime

from firmware_sim.corvis_csv.analyser import CorvisST, OcularResponse
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

INSTRUMENTS = {"corvis-st": CorvisST, "ora-table": OcularResponse}
PRESSED = datetime(2024, 2, 13, 14, 7)

__all__ = ["INSTRUMENTS", "CorvisST", "OcularResponse", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """The table after one patient."""
    made = (CorvisST if model.startswith("Corvis") else OcularResponse)(null_modem()[0], seed=model)
    return made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
