"""Whom somebody may book for: who shares what was proved to be theirs, whom they live with, whom they answer for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from cloud.direct import dialling, tables
from cloud.direct.choices import Channel
from cloud.people import phones
from cloud.people import queries as people
from cloud.people.choices import ContactKind, Status, TieKind

ANSWERS = (TieKind.PARENT, TieKind.GUARDIAN)


class Person(Protocol):
    """What is asked of a record."""

    id: int
    family_name: str
    given_name: str
    birth_date: date | None
    birth_year: int | None
    language: str | None
    status: str
    merged_into: int | None


@dataclass(frozen=True)
class Member:
    """Somebody of a household, as little of them as a page needs. ``year`` is that of their birth."""

    id: int
    name: str
    year: int | None
    born: date | None
    language: str | None

    @property
    def key(self) -> str:
        """As ``told`` names them."""
        return f"p{self.id}"


Household = tuple[Member, ...]


def households(session: Session, channel: str, contact: str, country: str) -> list[Household]:
    """Everybody behind a contact that was proved, by household; the eldest first."""
    groups: list[dict[int, Person]] = []
    for owner in _owners(session, channel, contact, country):
        mine = {one.id: one for one in _with(session, owner)}
        touching = [one for one in groups if one.keys() & mine.keys()]
        groups = [one for one in groups if one not in touching]
        groups.append({key: one for group in (*touching, mine) for key, one in group.items()})
    return [_household(one.values()) for one in groups]


def opened(found: Iterable[Household], born: date) -> list[Household]:
    """Those in which somebody was born on that day."""
    return [one for one in found if any(member.born == born for member in one)]


def is_minor(born: date | None, on: date) -> bool:
    """Whether somebody else answers for them on that day; not when their birth is unknown."""
    if born is None:
        return False
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years < int(tables.setting("minor", "below"))


def _owners(session: Session, channel: str, contact: str, country: str) -> list[Person]:
    if channel == Channel.EMAIL:
        found = people.reached_at(session, email=phones.normalized(ContactKind.EMAIL, contact))
    else:
        rows = people.reached_at(session, tail=phones.tail(contact))
        # the end of a number finds it; only the whole number says whose it is
        found = [(one, value) for one, value in rows if dialling.international(value, country) == contact]
    return list({one.id: one for one, _value in found}.values())


def _with(session: Session, owner: Person) -> Iterable[Person]:
    yield owner
    for home in people.households(session, owner.id):
        yield from home.others
    for relative in people.relatives(session, owner.id):
        if relative.outward and relative.tie.kind in ANSWERS:
            yield relative.other


def _household(found: Iterable[Person]) -> Household:
    there = [one for one in found if one.status == Status.ACTIVE and one.merged_into is None]
    return tuple(_member(one) for one in sorted(there, key=_eldest))


def _eldest(one: Person) -> tuple[date, int]:
    return (one.birth_date or date.max, one.id)


def _member(one: Person) -> Member:
    year = one.birth_date.year if one.birth_date else one.birth_year
    return Member(one.id, one.given_name or one.family_name, year, one.birth_date, one.language)


def members(found: Sequence[Household]) -> dict[int, Member]:
    """Everybody of these households by number."""
    return {member.id: member for one in found for member in one}
