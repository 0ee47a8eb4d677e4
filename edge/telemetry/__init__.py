"""Counters and gauges of this gateway, told now and then."""

from edge.telemetry.looking import Sources, look
from edge.telemetry.telling import Telemetry, promptly

__all__ = ["Sources", "Telemetry", "look", "promptly"]
