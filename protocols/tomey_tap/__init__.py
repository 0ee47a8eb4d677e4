"""A Tomey TAP-2000 or Rodenstock Phoromat 2000 phoropter, both ways; see docs/wire/tomey_tap.md."""

from protocols.framing.presets import Preset, Unsendable
from protocols.tomey_tap.blanking import blank
from protocols.tomey_tap.decoder import Decoder, decode, recognise
from protocols.tomey_tap.grammar import DIALECT
from protocols.tomey_tap.preset import USUAL_MODEL, preset

__all__ = ["DIALECT", "USUAL_MODEL", "Decoder", "Preset", "Unsendable", "blank", "decode", "preset", "recognise"]
