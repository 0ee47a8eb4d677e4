"""Reichert ocular response tonometers: G3, and 7CR and ORA by likeness; see docs/wire/reichert.md."""

from protocols.reichert.dialect import DIALECT, Decoder, decode, recognise

NO_PATIENT = "The manual prints the date, a heading and a line an eye; a line that is none of them stays as it came."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
