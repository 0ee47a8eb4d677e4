"""Every model of the family as far as its print-outs differ: by its name and what it passes on."""

from datetime import datetime

from firmware_sim.nidek_rt.phoropter import RT5100
from firmware_sim.nidek_rt.printing import PARTS
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)
_PARTS = {"binocular_vision": "tests", "keratometry": "km", "tonometry": "nt"}


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that tells these kinds says at a press of Print."""
    kind = type(model, (RT5100,), {"name": model})
    parts = (*PARTS, *(part for name, part in _PARTS.items() if name in kinds))
    phoropter: RT5100 = kind(null_modem()[0], seed=model, parts=parts)
    return phoropter._say(phoropter._look(Patient.by_chance_of(model)), 1, PRESSED)
