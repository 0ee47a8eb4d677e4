"""Mediworks AL550: the list of patients it pulls, the examination it posts; see docs/wire/mediworks_al550.md."""

from protocols.mediworks_al550.blanking import blank
from protocols.mediworks_al550.calling import item_of, patients, pid
from protocols.mediworks_al550.dialect import DIALECT, Decoder, decode, pid_said, recognise
from protocols.mediworks_al550.posting import Unpacked, unpacked

__all__ = [
    "DIALECT",
    "Decoder",
    "Unpacked",
    "blank",
    "decode",
    "item_of",
    "patients",
    "pid",
    "pid_said",
    "recognise",
    "unpacked",
]
