"""Xinyuan FA-6500 and FA-6500K, and Unicos URK-700; see docs/wire/xinyuan.md."""

from protocols.xinyuan.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "decode", "recognise"]
