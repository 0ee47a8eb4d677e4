"""Huvitz records: HRK autorefractors, and Charops, Tianle and Xiongbo that speak like them; see docs/wire/huvitz.md."""

from protocols.huvitz.blanking import blank
from protocols.huvitz.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
