"""What each model writes."""

from datetime import datetime
from typing import Any

from firmware_sim.patients import Patient
from firmware_sim.visionix.files import L80, VX100
from firmware_sim.visionix.tonometer import VX120
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """The file of somebody who is always the same under a model's name."""
    kind: Any = {"L80": L80, "VX100": VX100}.get(model, VX120)
    made = kind(null_modem()[0], seed=model)
    return bytes(made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED))
