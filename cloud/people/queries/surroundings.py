"""How somebody is reached, with whom they live, what to be careful of; rows of absorbed records are theirs too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cloud.people.choices import AllergyStatus, ContactKind, LabelKind, Status
from cloud.people.models import Alert, Allergy, Contact, Household, Label, Membership, Patient, Tagging, Tie
from cloud.people.phones import TELEPHONES
from cloud.people.queries.patients import ids_of, named, whose
from cloud.people.rules import sees


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody at the other end of a tie; ``outward`` when it is the patient who is the other's parent, payer ..."""

    tie: Tie
    other: Patient
    outward: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A household: our membership in it, and who else lives there."""

    id: int
    name: str
    membership_id: int
    others: tuple[Patient, ...]


def contacts(session: Session, patient_id: int, *, ended: bool = False) -> Sequence[Contact]:
    """Contact points that hold, preferred ones first; with ``ended`` those that held once as well."""
    query = select(Contact).where(Contact.patient_id.in_(whose(session, patient_id)))
    query = query if ended else query.where(Contact.ended_at.is_(None))
    return session.scalars(query.order_by(Contact.preferred.desc(), Contact.id)).all()


def reached_at(session: Session, *, email: str = "", tail: str = "") -> list[tuple[Patient, str]]:
    """Living people with this contact point, and how it is written: an e-mail as it is compared, or a telephone's end.

    People of absorbed records are told as who they are today, at most fifty.
    """
    if not email and not tail:
        return []
    asked = (Contact.normalized == email) & (Contact.kind == ContactKind.EMAIL)
    asked = asked if email else (Contact.tail == tail) & Contact.kind.in_(TELEPHONES)
    person = func.coalesce(Patient.merged_into, Patient.id)
    whose = select(Contact.value, person.label("person")).join(
        Patient, (Patient.tenant_id == Contact.tenant_id) & (Patient.id == Contact.patient_id)
    )
    rows = session.execute(whose.where(asked, Contact.ended_at.is_(None)).order_by(Contact.id).limit(50)).all()
    people = named(session, {row.person for row in rows})
    alive = {id_: one for id_, one in people.items() if one.status != Status.DECEASED}
    return [(alive[row.person], row.value) for row in rows if row.person in alive]


def relatives(session: Session, patient_id: int) -> list[Relative]:
    """Both directions of every tie that holds."""
    ids = ids_of(session, patient_id)
    query = select(Tie).where(or_(Tie.from_id.in_(ids), Tie.to_id.in_(ids)), Tie.ended_at.is_(None)).order_by(Tie.id)
    ties = session.scalars(query).all()
    others = named(session, {one.to_id if one.from_id in ids else one.from_id for one in ties})
    return [Relative(one, others[one.to_id if one.from_id in ids else one.from_id], one.from_id in ids) for one in ties]


def households(session: Session, patient_id: int) -> list[Home]:
    """Where somebody lives now, and with whom."""
    ids = ids_of(session, patient_id)
    mine = select(Membership, Household).join(
        Household, (Household.tenant_id == Membership.tenant_id) & (Household.id == Membership.household_id)
    )
    rows = session.execute(
        mine.where(Membership.patient_id.in_(ids), Membership.left_at.is_(None)).order_by(Membership.id)
    ).all()
    living = _living(session, {home.id for _, home in rows}, ids)
    return [Home(home.id, home.name, one.id, tuple(living.get(home.id, ()))) for one, home in rows]


def _living(session: Session, household_ids: set[int], without: Iterable[int]) -> dict[int, list[Patient]]:
    query = select(Membership.household_id, Patient).join(
        Patient, (Patient.tenant_id == Membership.tenant_id) & (Patient.id == Membership.patient_id)
    )
    here = (Membership.household_id.in_(household_ids), Membership.left_at.is_(None), Patient.id.not_in(without))
    found = dict[int, list[Patient]]()
    for household_id, one in session.execute(query.where(*here).order_by(Patient.birth_date)) if household_ids else ():
        found.setdefault(household_id, []).append(one)
    return found


def allergies(session: Session, patient_id: int) -> Sequence[Allergy]:
    """What somebody reacts to, as far as it still stands."""
    query = select(Allergy).where(Allergy.patient_id.in_(whose(session, patient_id)))
    return session.scalars(query.where(Allergy.status == AllergyStatus.ACTIVE).order_by(Allergy.id)).all()


def alerts(session: Session, patient_id: int, roles: Iterable[str] | None = None) -> list[Alert]:
    """Alerts that hold, as far as somebody with these roles sees them; all of them without roles, for rules alone."""
    query = select(Alert).where(Alert.patient_id.in_(whose(session, patient_id)), Alert.ended_at.is_(None))
    found = session.scalars(query.order_by(Alert.id)).all()
    mine = None if roles is None else set(roles)
    return [one for one in found if mine is None or sees(one.kind, one.seen_by, mine)]


def tags(session: Session, patient_id: int) -> list[tuple[Tagging, str]]:
    """Tags somebody carries, with their words."""
    query = select(Tagging, Label.name).join(
        Label, (Label.tenant_id == Tagging.tenant_id) & (Label.id == Tagging.label_id)
    )
    mine = (Tagging.patient_id.in_(whose(session, patient_id)), Tagging.ended_at.is_(None))
    return [(one, name) for one, name in session.execute(query.where(*mine).order_by(Label.name, Tagging.id))]


def labels(session: Session, kind: LabelKind = LabelKind.TAG) -> dict[int, str]:
    """The chain's tags or classes by id."""
    rows = session.execute(select(Label.id, Label.name).where(Label.kind == kind).order_by(Label.name))
    return {row.id: row.name for row in rows}
