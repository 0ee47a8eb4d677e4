"""Topcon instruments, NIDEK lensmeters and an RT-6100 that write ``Ophthalmology`` XML, and what a CV-5000 takes in."""

from firmware_sim.joia.lensmeters import CL300, LM7, LM1800PD, Solos
from firmware_sim.joia.models import example
from firmware_sim.joia.phoropters import CV5000, RT6100
from firmware_sim.joia.topcon import CT800A, KR1, KR800S, TRK2P

INSTRUMENTS = {
    "kr-1": KR1,
    "kr-800s": KR800S,
    "trk-2p": TRK2P,
    "ct-800a": CT800A,
    "cl-300": CL300,
    "solos": Solos,
    "lm-7-lan": LM7,
    "lm-1800pd-lan": LM1800PD,
    "cv-5000": CV5000,
    "rt-6100": RT6100,
}

__all__ = [
    "CL300",
    "CT800A",
    "CV5000",
    "INSTRUMENTS",
    "KR1",
    "KR800S",
    "LM7",
    "LM1800PD",
    "RT6100",
    "TRK2P",
    "Solos",
    "example",
]
