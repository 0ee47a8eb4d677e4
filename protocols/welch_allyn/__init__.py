"""Welch Allyn Spot VS100: the text of a print-out; see docs/wire/welch_allyn.md."""

from protocols.welch_allyn.blanking import blank
from protocols.welch_allyn.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
