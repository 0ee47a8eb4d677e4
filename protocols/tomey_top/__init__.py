"""The print-out of a Tomey TOP-1000 or Rodenstock Topascope on a serial line; see docs/wire/tomey_top.md."""

from protocols.tomey_top.blanking import blank
from protocols.tomey_top.decoder import Decoder, decode, recognise
from protocols.tomey_top.grammar import DIALECT

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
