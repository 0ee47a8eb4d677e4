"""The one place that asks what time it is; always UTC, shown in a store's own zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on the wall clock of a store; ``zone`` is an IANA name."""
    return moment.astimezone(ZoneInfo(zone))
