"""Pages of the desk: who is expected, who is here, registering, one ticket, the kiosks."""

from cloud.arrival.pages import kiosks, one, registering, today
from cloud.arrival.pages.blueprint import bp

__all__ = ["bp", "kiosks", "one", "registering", "today"]
