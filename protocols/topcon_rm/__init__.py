"""Topcon RM and KR autorefractors on a serial line, a figure a line; see docs/wire/topcon_rm.md."""

from protocols.topcon_rm.decoder import Decoder, decode, recognise
from protocols.topcon_rm.grammar import DIALECT

__all__ = ["DIALECT", "Decoder", "decode", "recognise"]
