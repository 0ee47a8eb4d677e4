"""Keeping patients findable, and finding them.

A patient's row of words is written in the flush that writes the patient, whoever changes one. Looking up goes from
what is cheap and likely to what is thorough: the record number as typed, beginnings of words among the newest
patients, beginnings anywhere, then any part of a word in the same two places.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import event, inspect, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.people import asked, grams, names
from cloud.people.asked import Meaning
from cloud.people.choices import ContactKind
from cloud.people.findable import Findable
from cloud.people.models import Contact, Patient

DIALLED = (ContactKind.MOBILE, ContactKind.PHONE)
NEWEST = 3000  # rows read through before an index is asked: who is asked for was often here lately
_NEWEST = text("SELECT people_find_newest(:patterns, :best, :depth, :room)")
_PIECES = text("SELECT people_find_pieces(:patterns, :best, :pieces, :room)")


@dataclass(frozen=True, slots=True)
class Known:
    """What a patient is known by; ``numbers`` and ``phones`` as written, ``others`` are (family, given) names."""

    family: str
    given: str = ""
    numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birth_date: date | None = None
    others: tuple[tuple[str, str], ...] = ()

    def words(self) -> list[str]:
        """Every word to find the patient by, the family name's first."""
        called = [word for name in ((self.family, self.given), *self.others) for word in names.forms(*name)]
        numbered = [form for one in self.numbers for form in _number(one)]
        dialled = ["".join(filter(str.isdecimal, one)) for one in self.phones]
        born = [f"{self.birth_date:%Y%m%d}"] if self.birth_date else []
        return [word for word in dict.fromkeys([*called, *numbered, *dialled, *born]) if word]

    def row(self, tenant_id: int, patient_id: int) -> dict[str, Any]:
        """The row of the search table."""
        words, sort_key = self.words(), names.sort_key(self.family, self.given)
        pieces = grams.numbers(tenant_id, words)
        line = f" {' '.join(words)} "
        whose = {"tenant_id": tenant_id, "patient_id": patient_id}
        return {**whose, "line": line, "sort_key": sort_key, "grams": pieces}


def _number(record_number: str) -> tuple[str, str]:
    whole = names.fold(record_number).replace(" ", "")
    return whole, "".join(filter(str.isalnum, whole))


def index(session: Session, *patient_ids: int) -> None:
    """Make these patients findable as they are now; the records they have absorbed are looked for with them."""
    asked_for = set(patient_ids)
    people = {one.id: one for one in session.scalars(select(Patient).where(Patient.id.in_(asked_for)))}
    phones, absorbed = _phones(session, asked_for), _absorbed(session, asked_for)
    rows = [_known(one, phones[one.id], absorbed[one.id]).row(one.tenant_id, one.id) for one in people.values()]
    keep(session, rows)


def _phones(session: Session, patient_ids: Collection[int]) -> dict[int, list[str]]:
    """Telephones and other short contact points that still hold, by patient."""
    found = defaultdict[int, list[str]](list)
    holds = Contact.patient_id.in_(patient_ids), Contact.ended_at.is_(None), Contact.kind.in_(DIALLED)
    for one in session.execute(select(Contact.patient_id, Contact.normalized).where(*holds).order_by(Contact.id)):
        found[one.patient_id].append(one.normalized)
    return found


def _absorbed(session: Session, patient_ids: Collection[int]) -> dict[int, list[Patient]]:
    found = defaultdict[int, list[Patient]](list)
    for one in session.scalars(select(Patient).where(Patient.merged_into.in_(patient_ids)).order_by(Patient.id)):
        found[one.merged_into or 0].append(one)
    return found


def _known(patient: Patient, phones: Sequence[str], absorbed: Sequence[Patient]) -> Known:
    records = [patient, *absorbed]
    return Known(
        patient.family_name,
        patient.given_name,
        numbers=tuple(one.record_number for one in records),
        phones=tuple(dict.fromkeys([*phones, *(one.phone for one in records if one.phone)])),
        birth_date=patient.birth_date,
        others=tuple(
            name for one in records for name in _names(one) if name != (patient.family_name, patient.given_name)
        ),
    )


def _names(patient: Patient) -> Iterator[tuple[str, str]]:
    yield patient.family_name, patient.given_name
    for name in (patient.native_name, patient.middle_name, patient.preferred_name):
        if name:
            yield name, ""


def keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of the search table, over those that are there."""
    if not rows:
        return
    new = insert(Findable)
    fresh = {name: new.excluded[name] for name in ("line", "sort_key", "grams")}
    key = [Findable.tenant_id, Findable.patient_id]
    session.execute(new.on_conflict_do_update(index_elements=key, set_=fresh), rows)


@event.listens_for(Session, "after_flush")
def _keep_findable(session: Session, _flush: object) -> None:
    touched = set[int]()
    for one in (*session.new, *session.dirty):
        if isinstance(one, Patient):
            led = inspect(one).attrs.merged_into.history  # both the record it led to and the one it leads to
            touched |= {one.id, *(other for other in led.sum() if other)}
        elif isinstance(one, Contact):
            touched.add(one.patient_id)
    if touched:
        index(session, *touched)


def find(session: Session, typed: str, room: int) -> list[int]:
    """Ids of up to ``room`` patients of this chain who answer to what was typed, the likeliest first."""
    found = dict.fromkeys(_numbered(session, typed))
    for meaning in asked.meanings(typed):
        for ids in _steps(session, meaning, room):
            found |= dict.fromkeys(ids)
            if len(found) >= room:
                return list(found)[:room]
    return list(found)


def _numbered(session: Session, typed: str) -> Sequence[int]:
    return session.scalars(select(Patient.id).where(Patient.record_number == typed.strip())).all()


def _steps(session: Session, meaning: Meaning, room: int) -> Iterator[Sequence[int]]:
    begun = tuple(needle if needle.startswith(" ") else f" {needle}" for needle in meaning)
    for needles in (begun, meaning) if begun != meaning else (begun,):
        asks = {"patterns": [f"%{_plain(one)}%" for one in needles], "best": f"{_plain(begun[0])}%", "room": room}
        yield session.scalars(_NEWEST, {**asks, "depth": NEWEST}).all()
        pieces = sorted({number for needle in needles for number in grams.asked(current_tenant(), needle)})
        if pieces:
            yield session.scalars(_PIECES, {**asks, "pieces": pieces}).all()


def _plain(needle: str) -> str:
    """A needle in which no sign is a wildcard of LIKE."""
    return needle.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
