"""Keeler TonoCare: the text of its printer; see docs/wire/keeler.md."""

from protocols.keeler.dialect import DIALECT, Decoder, decode, recognise

NO_PATIENT = "The manual prints readings, their average and the time; other text stays as it came."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
