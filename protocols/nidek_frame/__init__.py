"""The NIDEK frame: AR, ARK, HandyRef, TONOREF, LM and NT on a serial line; see docs/wire/nidek_frame.md."""

from protocols.nidek_frame.blanking import blank
from protocols.nidek_frame.decoder import Decoder
from protocols.nidek_frame.grammar import DEVICE_CODES, DIALECT
from protocols.nidek_frame.recognition import decode, recognise

__all__ = ["DEVICE_CODES", "DIALECT", "Decoder", "blank", "decode", "recognise"]
