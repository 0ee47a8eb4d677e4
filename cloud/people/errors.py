"""Refusals of the people room."""

from dataclasses import dataclass, field
from typing import Any


class RecordNumberTaken(Exception):
    """Another patient of this chain already has this record number."""


class NoSuchPatient(LookupError):
    """There is no such patient in this chain."""


class NoSuchEntry(LookupError):
    """This person has no such contact point, tie, alert, change or merge."""


@dataclass
class Stale(Exception):
    """Somebody else saved these fields after the form was opened; ``theirs`` by field, as it stands now."""

    theirs: dict[str, Any] = field(default_factory=dict)
    by: int | None = None


class NotMergeable(Exception):
    """These two records cannot be merged: one is absorbed already, or they are the same record."""


@dataclass
class NotUndoable(Exception):
    """What was written since would be lost; ``fields`` names it."""

    fields: tuple[str, ...] = ()
