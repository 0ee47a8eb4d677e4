"""XML of the Huvitz HTR-1A and Righton Speedy-K, root ``datalab``; see docs/wire/huvitz_xml.md."""

from protocols.huvitz_xml.blanking import blank
from protocols.huvitz_xml.document import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
