"""Suoer SW-800: the text of a print-out; see docs/wire/suoer.md."""

from protocols.suoer.blanking import blank
from protocols.suoer.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
