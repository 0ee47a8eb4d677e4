"""Tables of text that no document describes, read by a map an engineer drew; see docs/wire/mapped_table.md."""

from protocols.mapped_table.checking import faults
from protocols.mapped_table.dialect import DIALECT, Decoder, blank, decode, recognise
from protocols.mapped_table.map_file import BadMap, map_of
from protocols.mapped_table.starter import starter
from protocols.mapped_table.vocabulary import KINDS, WORDS

__all__ = [
    "DIALECT",
    "KINDS",
    "WORDS",
    "BadMap",
    "Decoder",
    "blank",
    "decode",
    "faults",
    "map_of",
    "recognise",
    "starter",
]
