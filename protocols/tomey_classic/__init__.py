"""Lines of fixed columns: Tomey RC-5000 (classic output), TL-3000C and alike; see docs/wire/tomey_classic.md."""

from protocols.tomey_classic.blanking import blank
from protocols.tomey_classic.decoder import Decoder, decode, recognise
from protocols.tomey_classic.grammar import DIALECT

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
