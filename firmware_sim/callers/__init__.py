"""Machines that call patients, as a gateway meets them: a ticket printer, displays, boxes with push buttons."""

from firmware_sim.callers.buttons import Inputs, Pad
from firmware_sim.callers.displays import Display, Numbers
from firmware_sim.callers.glass import shown
from firmware_sim.callers.paper import Decoder, Paper
from firmware_sim.callers.printer import Printer

__all__ = ["Decoder", "Display", "Inputs", "Numbers", "Pad", "Paper", "Printer", "shown"]
