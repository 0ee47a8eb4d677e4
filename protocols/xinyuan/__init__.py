"""Xinyuan FA-6500 and FA-6500K, and Unicos URK-700; see docs/wire/xinyuan.md."""

from protocols.xinyuan.dialect import DIALECT, Decoder, decode, recognise

NO_PATIENT = "What is known of a print-out has no field for a patient; other text in it stays as it came."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
