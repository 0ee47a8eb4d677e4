"""Pages of whoever comes in: no session to ride on, every form has a stamp of its own."""

from cloud.arrival.doors import coming, kiosk, place
from cloud.arrival.doors.blueprint import bp

__all__ = ["bp", "coming", "kiosk", "place"]
