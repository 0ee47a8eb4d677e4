"""Every model of the family as far as its print-outs differ: by its name."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.tomey_tap.phoropter import Phoromat2000
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that tells these kinds says at a press of Print."""
    phoropter: Phoromat2000 = type(model, (Phoromat2000,), {"name": model})(null_modem()[0], seed=model)
    phoropter.tests, phoropter.corneas = "binocular_vision" in kinds, "keratometry" in kinds
    return phoropter._say(phoropter._look(Patient.by_chance_of(model)), 1, PRESSED)
