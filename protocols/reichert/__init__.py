"""Reichert ocular response tonometers: G3, and 7CR and ORA by likeness; see docs/wire/reichert.md."""

from protocols.reichert.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "decode", "recognise"]
