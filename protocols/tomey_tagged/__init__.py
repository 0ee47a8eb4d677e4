"""Lines of bracketed tags: Tomey RC-5000, RC-800, TL-6100 and their Rodenstock twins; see docs/wire/tomey_tagged.md."""

from protocols.tomey_tagged.blanking import blank
from protocols.tomey_tagged.decoder import Decoder, decode, recognise
from protocols.tomey_tagged.grammar import DIALECT

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
