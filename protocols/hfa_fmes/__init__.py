"""Humphrey visual fields in the legacy .fmes files: labels and the printed page; see docs/wire/hfa_fmes.md."""

from protocols.hfa_fmes.dialect import DIALECT, Decoder, blank, decode, recognise
from protocols.hfa_fmes.pictures import Picture, pictures
from protocols.hfa_fmes.reading import MEDIA_TYPE, labels

__all__ = ["DIALECT", "MEDIA_TYPE", "Decoder", "Picture", "blank", "decode", "labels", "pictures", "recognise"]
