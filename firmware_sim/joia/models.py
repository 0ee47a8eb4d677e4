"""Every model of the family as far as its documents differ."""

from datetime import datetime
from typing import Any

from firmware_sim.joia.lensmeters import CL300, LM7, LM1800PD, Solos
from firmware_sim.joia.phoropters import CV5000, RT6100
from firmware_sim.joia.topcon import CT800A, KR1, TRK2P
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)
LIKE: dict[str, Any] = {"CL-": CL300, "Solos": Solos, "LM-7": LM7, "CV-": CV5000, "RT-": RT6100, "KR-": KR1, "RM-": KR1}
MAKERS = {"RK-": "CANON", "TX-": "CANON", "VISULENS": "CARL ZEISS", "TL-": "TOMEY", "AL ": "RODENSTOCK", "LM-": "NIDEK"}


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that measures these kinds writes at a press of Print."""
    like = next((made for begin, made in LIKE.items() if model.startswith(begin)), None) or _by_kind(kinds)
    maker = next((name for begin, name in MAKERS.items() if model.startswith(begin)), like.maker)
    made = type(model, (like,), {"name": model, "maker": maker, "measures": kinds})
    instrument: Any = made(null_modem()[0], seed=model)
    said: bytes = instrument._say(instrument._look(Patient.by_chance_of(model)), 1, PRESSED)
    return said


def _by_kind(kinds: tuple[str, ...]) -> Any:
    if kinds == ("lensmetry",):
        return LM1800PD
    return CT800A if kinds == ("tonometry",) else TRK2P
