"""DGH 550 pachymeter: digits in groups of four, and no eye; see docs/wire/dgh.md."""

from protocols.dgh.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "decode", "recognise"]
