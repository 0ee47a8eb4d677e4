"""Every model of the family as far as its print-outs differ: by its name."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.topcon_ct.tonometer import CT80
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model says at a press of Print."""
    instrument: CT80 = type(model, (CT80,), {"name": model})(null_modem()[0], seed=model)
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)
