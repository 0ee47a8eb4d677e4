"""Lensmeters that send key=value pairs: Visionix VL1000, Huvitz CLM-7000 and HLM-7000; see docs/wire/visionix_vl.md."""

from protocols.visionix_vl.dialect import DIALECT, Decoder, decode, recognise

NO_PATIENT = "A print-out is a running number and pairs of a lens; a pair that nobody knows stays as it came."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
