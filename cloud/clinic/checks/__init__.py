"""What is doubtful in a record before it is signed: each finding has an id, a weight, words and where it points."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.clinic.catalogue import registry
from cloud.clinic.choices import Level
from cloud.clinic.models import Encounter
from cloud.clinic.places import Place
from cloud.clinic.sheet import Sheet

__all__ = ["Finding", "findings", "words_for_amendment"]


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


Check = Callable[[Session, Encounter, Sheet], Iterable[Finding]]


def findings(session: Session, visit: Encounter, sheet: Sheet) -> list[Finding]:
    """Everything doubtful in this record, the weightiest first."""
    found = [one for check in CHECKS for one in check(session, visit, sheet)]
    return sorted(found, key=lambda one: list(Level).index(one.level))


def words_for_amendment() -> str:
    """What an amendment without a reason is told."""
    return str(_("Say why the signed record changes."))


def _unread(_session: Session, _visit: Encounter, sheet: Sheet) -> Iterable[Finding]:
    """What was typed and is no value."""
    return (
        Finding("unreadable", Level.REFUSE, item.problem, (place,)) for place, item in sheet.items() if item.problem
    )


def _missing(_session: Session, visit: Encounter, sheet: Sheet) -> Iterable[Finding]:
    """Mandatory elements of the template that say nothing."""
    said = {place.element for place in sheet}
    for place in visit.layout:
        if place["mandatory"] and place["element"] not in said:
            title = registry.element(place["element"]).title.en
            yield Finding(f"missing.{place['element']}", Level.REFUSE, _("%(element)s is missing.", element=title))


CHECKS: tuple[Check, ...] = (_unread, _missing)
