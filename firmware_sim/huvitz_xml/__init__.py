"""An HTR-1A that writes its ``datalab`` documents, and what a Speedy-K writes."""

from firmware_sim.huvitz_xml.tonorefractor import HTR1A, example

INSTRUMENTS = {"htr-1a": HTR1A}

__all__ = ["HTR1A", "INSTRUMENTS", "example"]
