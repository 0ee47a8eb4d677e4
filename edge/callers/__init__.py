"""What calls patients in a store: ticket printers, displays, signs, voices and screens on a wall."""

from edge.callers.callers import Callers
from edge.callers.settings import CallerSettings, Kind

__all__ = ["CallerSettings", "Callers", "Kind"]
