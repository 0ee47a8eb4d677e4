"""The store's queue on the gateway: people are called without the internet too, and the cloud is told what was done."""

from edge.queue.clockwork import Clockwork
from edge.queue.holder import Holder
from edge.queue.summons import Summons

__all__ = ["Clockwork", "Holder", "Summons"]
