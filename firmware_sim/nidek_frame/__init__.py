"""An ARK-1a, an LM-600P and a TONOREF III that speak the true bytes of the NIDEK frame."""

from firmware_sim.instrument import NothingMeasured, PrintOut
from firmware_sim.nidek_frame.autorefractor import ARK1a, BothMeasured, EyeMeasured
from firmware_sim.nidek_frame.instrument import COMMUNICATION_ERROR, Instrument
from firmware_sim.nidek_frame.lensmeter import LM600P, LensesMeasured, LensMeasured
from firmware_sim.nidek_frame.models import example
from firmware_sim.nidek_frame.tonoref import TONOREF3, TonoEyeMeasured

INSTRUMENTS = {"ark-1a": ARK1a, "lm-600p": LM600P, "tonoref-iii": TONOREF3}

__all__ = [
    "COMMUNICATION_ERROR",
    "INSTRUMENTS",
    "LM600P",
    "TONOREF3",
    "ARK1a",
    "BothMeasured",
    "EyeMeasured",
    "Instrument",
    "LensMeasured",
    "LensesMeasured",
    "NothingMeasured",
    "PrintOut",
    "TonoEyeMeasured",
    "example",
]
