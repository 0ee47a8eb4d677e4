"""Files of Visionix: INI of L80 and VX100, one eye each, and XML of VX120 and VX650; see docs/wire/visionix.md."""

from protocols.visionix.blanking import blank
from protocols.visionix.dialect import DIALECT, Decoder, decode, recognise

__all__ = ["DIALECT", "Decoder", "blank", "decode", "recognise"]
