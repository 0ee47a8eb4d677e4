"""Tables of corneal biomechanics: Corvis ST and ORA, columns by an alias table; see docs/wire/corvis_csv.md."""

from protocols.corvis_csv.dialect import DIALECT, Decoder, blank, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
