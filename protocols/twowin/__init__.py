"""Adaptica 2WIN and 2WIN-S: one line of commas an exam, always with a positive cylinder; see docs/wire/twowin.md."""

from protocols.twowin.blanking import blank
from protocols.twowin.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
