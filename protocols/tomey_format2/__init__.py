"""A Tomey RT-6000 set to "Format 2": lines named Ref_R and Ref_L; see docs/wire/tomey_format2.md."""

from protocols.tomey_format2.decoder import Decoder, decode, recognise
from protocols.tomey_format2.grammar import DIALECT

NO_PATIENT = "What is known of a print-out has no field for a patient; a line that nobody knows stays as it came."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
