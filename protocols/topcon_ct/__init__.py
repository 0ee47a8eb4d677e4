"""Topcon CT-80 and CT-60 tonometers on a serial line, in columns; see docs/wire/topcon_ct.md."""

from protocols.topcon_ct.blanking import blank
from protocols.topcon_ct.decoder import Decoder, decode, recognise
from protocols.topcon_ct.grammar import DIALECT

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
