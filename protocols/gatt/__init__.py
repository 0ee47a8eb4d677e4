"""Bluetooth health profiles (GATT): values of characteristics in blocks of text; see docs/wire/gatt.md."""

from protocols.gatt.block import Block
from protocols.gatt.dialect import DIALECT, Decoder, decode, recognise

NO_PATIENT = "The profiles carry the number of a user in the device at most; neither name nor record number."

__all__ = ["DIALECT", "NO_PATIENT", "Block", "Decoder", "decode", "recognise"]
