"""Keeler TonoCare: the text of its printer; see docs/wire/keeler.md."""

from protocols.keeler.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "decode", "recognise"]
