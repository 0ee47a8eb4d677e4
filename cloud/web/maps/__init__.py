"""Maps of one eye as drawings: a visual field in degrees, thickness by sector; their colours are in css/maps.css."""

from cloud.web.maps.field import Looked, field, signs
from cloud.web.maps.sectors import CLOCK, ETDRS, QUADRANTS, clock, etdrs, quadrants

__all__ = ["CLOCK", "ETDRS", "QUADRANTS", "Looked", "clock", "etdrs", "field", "quadrants", "signs"]
