"""Faliao autorefractors FR-8900 and FR-710; see docs/wire/faliao.md."""

from protocols.faliao.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "decode", "recognise"]
