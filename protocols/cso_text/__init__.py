"""CSO topographers' raw text, in Italian; see docs/wire/cso_text.md."""

from protocols.cso_text.dialect import DIALECT, Decoder, blank, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
