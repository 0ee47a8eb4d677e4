"""Pages of the operations room."""

from cloud.operations.views import alerts, bulk, frames, history, inventory, world
from cloud.operations.views.door import bp

__all__ = ["alerts", "bp", "bulk", "frames", "history", "inventory", "world"]
