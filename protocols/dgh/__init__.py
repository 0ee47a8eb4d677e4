"""DGH 550 pachymeter: digits in groups of four, and no eye; see docs/wire/dgh.md."""

from protocols.dgh.dialect import DIALECT, Decoder, decode, recognise

NO_PATIENT = "A line holds digits of thicknesses alone (manual, appendix B)."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
