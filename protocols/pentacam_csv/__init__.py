"""Pentacam's automatic CSV export, a row an examination; see docs/wire/pentacam_csv.md."""

from protocols.pentacam_csv.dialect import DIALECT, Decoder, blank, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
