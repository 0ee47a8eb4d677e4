"""Every model of the family as far as its documents differ: by what it measures and how it names itself."""

from datetime import datetime

from firmware_sim.nidek_xml.instruments import Nidek
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that measures these kinds writes at a press of Print."""
    kind = type(model, (Nidek,), {"name": model, "measures": kinds})
    instrument: Nidek = kind(null_modem()[0], seed=model)
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)
