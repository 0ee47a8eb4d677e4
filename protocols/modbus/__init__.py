"""Modbus RTU as numeric displays and boxes with push buttons speak it.

Source: Modbus over Serial Line V1.02 and Application Protocol V1.1b3; the CRC was held against a maker's example.
"""

from protocols.modbus.frames import Answer, Refused, answer, bits, crc, read_inputs, write_one, write_some
from protocols.modbus.numbers import Coding, Display, shown

__all__ = [
    "Answer",
    "Coding",
    "Display",
    "Refused",
    "answer",
    "bits",
    "crc",
    "read_inputs",
    "shown",
    "write_one",
    "write_some",
]
