"""Lensmeters that send key=value pairs: Visionix VL1000, Huvitz CLM-7000 and HLM-7000; see docs/wire/visionix_vl.md."""

from protocols.visionix_vl.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "decode", "recognise"]
