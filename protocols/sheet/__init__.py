"""A transmission read as a sheet of text: its figures, its clock, and the margin for what has no place in a reading."""

from protocols.framing.margin import integrity
from protocols.sheet.clock import measured_at
from protocols.sheet.figures import believed, blank, degrees, figure, power, readable
from protocols.sheet.margin import Margin

__all__ = [
    "Margin",
    "believed",
    "blank",
    "degrees",
    "figure",
    "integrity",
    "measured_at",
    "power",
    "readable",
]
