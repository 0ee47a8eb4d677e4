"""Every model of the family as far as its print-outs differ: by what it measures."""

from datetime import datetime

from firmware_sim.patients import Patient
from firmware_sim.tomey_classic.autorefractor import RC5000
from firmware_sim.tomey_classic.lensmeter import TL3000C
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that measures these kinds says at a press of Print."""
    if kinds == ("lensmetry",):
        lensmeter = TL3000C(null_modem()[0], seed=model)
        return lensmeter._say(lensmeter._look(Patient.by_chance_of(model)), 1, PRESSED)
    instrument = RC5000(null_modem()[0], seed=model)
    return instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)
