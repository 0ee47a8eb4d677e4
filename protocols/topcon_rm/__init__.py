"""Topcon RM and KR autorefractors on a serial line, a figure a line; see docs/wire/topcon_rm.md."""

from protocols.topcon_rm.decoder import Decoder, decode, recognise
from protocols.topcon_rm.grammar import DIALECT

NO_PATIENT = "What is known of a print-out has no field for a patient; a line that nobody knows stays as it came."

__all__ = ["DIALECT", "NO_PATIENT", "Decoder", "decode", "recognise"]
