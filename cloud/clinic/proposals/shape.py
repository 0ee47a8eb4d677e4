"""A reading as it would stand in the record, with what to notice first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from cloud.clinic import tables
from cloud.clinic.choices import Level
from cloud.clinic.drafting import Put


class Doubt(NamedTuple):
    """Something to notice before taking a reading over: a code for machines, words, and how much it weighs."""

    code: str
    words: str
    level: Level


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reading and the values it would write.

    ``element`` and ``n`` are where most of it goes, ``element`` None for a reading that is kept in Readings.
    ``needs_side`` means that an eye has to be chosen first. ``before`` was captured before the visit began.
    ``accepted`` was accepted in the chart already, and is not yet in this draft.
    """

    reading_id: UUID
    patient_id: int
    kind: str
    instrument: str
    captured_at: datetime
    element: str | None
    n: int
    values: tuple[Put, ...]
    doubts: tuple[Doubt, ...]
    title: str
    needs_side: bool = False
    before: bool = False
    passed_on: bool = False
    accepted: bool = False

    @property
    def weight(self) -> Level:
        """The heaviest doubt; a remark when there is none."""
        return min((doubt.level for doubt in self.doubts), key=list(Level).index, default=Level.REMARK)

    @property
    def at_once(self) -> bool:
        """Whether it may be taken over together with others, without a word about it."""
        return bool(self.values) and self.weight is Level.REMARK


def doubt(code: str, which: str = "said", **numbers: object) -> Doubt:
    """A doubt of the table ``warnings.toml``."""
    row = tables.rows("warnings")[code]
    return Doubt(code, row.said(which, **numbers), row.level)


def heaviest_first(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """What cannot pass before what may, each once."""
    return tuple(sorted(dict.fromkeys(doubts), key=lambda one: list(Level).index(one.level)))
