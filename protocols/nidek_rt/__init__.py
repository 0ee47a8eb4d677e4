"""NIDEK RT-2100, RT-3100 and RT-5100 phoropters on a serial line, both ways; see docs/wire/nidek_rt.md."""

from protocols.framing.presets import Preset, Unsendable
from protocols.nidek_rt.blanking import blank
from protocols.nidek_rt.decoder import Decoder, decode, recognise
from protocols.nidek_rt.grammar import DIALECT, REQUEST_TO_SEND
from protocols.nidek_rt.preset import preset

__all__ = ["DIALECT", "REQUEST_TO_SEND", "Decoder", "Preset", "Unsendable", "blank", "decode", "preset", "recognise"]
