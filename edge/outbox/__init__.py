"""The gateway's journal: what was heard is on disk before anyone says so."""

from edge.outbox.bulletins import Cap
from edge.outbox.outbox import Depth, Limits, Outbox
from edge.outbox.rows import Bulletin, Draft, OutboxFull, Row

__all__ = ["Bulletin", "Cap", "Depth", "Draft", "Limits", "Outbox", "OutboxFull", "Row"]
