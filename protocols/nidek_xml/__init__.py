"""NIDEK's XML with root ``Data``: AR, ARK, HandyRef, NT and TONOREF by LAN or card; see docs/wire/nidek_xml.md."""

from protocols.nidek_xml.blanking import blank
from protocols.nidek_xml.document import DIALECT
from protocols.nidek_xml.recognition import Decoder, decode, recognise
from protocols.nidek_xml.writing import autorefraction_document

__all__ = ["DIALECT", "Decoder", "autorefraction_document", "blank", "decode", "recognise"]
