"""Refusals of the shadow room."""

from collections.abc import Mapping
from datetime import datetime


class Stale(Exception):
    """Somebody else set something in between: the newest version, who wanted it when, and which keys it changed."""

    def __init__(self, version: int, by: int | None, at: datetime | None, changed: list[str]) -> None:
        super().__init__(version)
        self.version, self.by, self.at, self.changed = version, by, at, changed


class Faulty(ValueError):
    """The document cannot be: ``faults`` are codes by place (``raw_days``, ``instruments.0.url``)."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(faults)))
        self.faults = dict(faults)


class NoSuchVersion(LookupError):
    """This gateway was never wanted to be so."""
