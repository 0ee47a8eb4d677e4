"""Faliao autorefractors FR-8900 and FR-710; see docs/wire/faliao.md."""

from protocols.faliao.dialect import DIALECT, Decoder, decode, recognise

NO_PATIENT = "What is known of a print-out has no field for a patient; other text in it stays as it came."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
