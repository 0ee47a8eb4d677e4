"""What a check says, and what it may look at to say it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from cloud.calculators import queries as calculators
from cloud.calculators.queries import Rules
from cloud.clinic import history, tables
from cloud.clinic.choices import Level, Side
from cloud.clinic.history import History
from cloud.clinic.models import Encounter
from cloud.clinic.places import Place
from cloud.clinic.sheet import Sheet
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.web import times
from cloud.web.frame import current_frame


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should see. ``key`` tells it apart from the same finding elsewhere in the record."""

    id: str
    level: Level
    text: str
    places: tuple[Place, ...] = ()

    @property
    def key(self) -> str:
        """Its id and first place; an override answers this."""
        return f"{self.id}@{self.places[0]}" if self.places else self.id


class Context:
    """The visit a record belongs to and what is known beside it; the history is fetched when first asked for."""

    def __init__(
        self,
        *,
        began_at: datetime,
        layout: list[dict[str, Any]],
        born: date | None,
        past: Callable[[], History] = History,
        chosen: Callable[[], Rules] = lambda: Rules({}, {}),
        at: datetime | None = None,
    ) -> None:
        self.began_at, self.layout, self.born, self.at = began_at, layout, born, at or now()
        self._past, self._chosen = past, chosen

    @classmethod
    def of(cls, session: Session, visit: Encounter) -> "Context":
        """Of a visit: one question for the person unless known already, and one for the history if it is needed."""
        person = people.patient(session, visit.patient_id)
        whose = people.whose(session, visit.patient_id)
        return cls(
            began_at=visit.began_at,
            layout=visit.layout,
            born=person.birth_date,
            past=lambda: history.read(session, whose, visit.began_at),
            chosen=lambda: calculators.enabled(session),
        )

    @cached_property
    def history(self) -> History:
        """Earlier signed visits."""
        return self._past()

    @cached_property
    def rules(self) -> Rules:
        """Which rules and editions the chain calculates with; one question when first asked for."""
        return self._chosen()

    @property
    def age(self) -> int | None:
        """Completed years on the day of the visit."""
        return times.age(self.born, self.began_at.date()) if self.born else None

    def asks(self, element: str) -> bool:
        """Whether the visit's template has this element."""
        return any(step["element"] == element for step in self.layout)


Check = Callable[[Context, Sheet], Iterable[Finding]]
LIGHTER = {Level.REFUSE: Level.REASON, Level.REASON: Level.REMARK, Level.REMARK: Level.REMARK}


def found(rule: str, which: str, *places: Place, **numbers: object) -> Finding:
    """A finding of the table ``checks.toml``; lighter where its element is none of those the level is meant for."""
    row = tables.rows("checks")[rule]
    meant = not row.elements or any(place.element in row.elements for place in places)
    return Finding(rule, row.level if meant else LIGHTER[row.level], row.said(which, **numbers), places)


def remarked(finding: Finding) -> Finding:
    """The same, only to be noticed."""
    return replace(finding, level=Level.REMARK)


def limit(rule: str, name: str) -> Any:
    """A limit of the table, exact."""
    return tables.rows("checks")[rule][name]


def eye(side: Side) -> str:
    """What the chain calls an eye."""
    notation = current_frame().notation
    if side is Side.RIGHT:
        return notation.eye("right")
    return notation.eye("left") if side is Side.LEFT else notation.eye("both")


def where(place: Place) -> str:
    """Element, eye and field in words."""
    parts = [titled(place.element), "" if place.side is Side.NONE else eye(place.side)]
    return " ".join(part for part in (*parts, place.spec.title.said(tables.language())) if part)


def titled(element: str) -> str:
    """What an element is called."""
    return Place(element, 1, "", Side.NONE).type.title.said(tables.language())
