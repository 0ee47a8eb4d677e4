"""Topcon MYAH and Aladdin, polar export in XML; see docs/wire/topcon_polar.md."""

from protocols.topcon_polar.dialect import DIALECT, Decoder, blank, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
