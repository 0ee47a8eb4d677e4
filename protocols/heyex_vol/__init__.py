"""Heidelberg's raw export of an OCT, .vol: head, circle thickness, facts of the volume; see docs/wire/heyex_vol.md."""

from protocols.heyex_vol.blanking import blank
from protocols.heyex_vol.dialect import DIALECT, Decoder, decode, recognise
from protocols.heyex_vol.reading import MEDIA_TYPE

__all__ = ["DIALECT", "MEDIA_TYPE", "Decoder", "blank", "decode", "recognise"]
