"""XML of the Tomey TOP-1000 and Rodenstock Topascope, root ``Measurement``; see docs/wire/tomey_top_xml.md."""

from protocols.tomey_top_xml.blanking import blank
from protocols.tomey_top_xml.document import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
