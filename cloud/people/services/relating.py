"""Who is whose parent, guardian or payer, and who lives together."""

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries
from cloud.people.errors import NoSuchEntry
from cloud.people.models import Household, Membership, Tie
from cloud.people.services.deeds import Deed, begin, theirs

TOLD = ("from_id", "to_id", "kind", "may_consent", "may_collect", "emergency")


def tie(
    session: Session,
    patient_id: int,
    other_id: int,
    kind: str,
    *,
    by: int | None,
    may_consent: bool = False,
    may_collect: bool = False,
    emergency: bool = False,
) -> Tie:
    """``other_id`` is from now on the ``kind`` of the patient. Raises NoSuchPatient, NoSuchEntry (with oneself)."""
    deed = begin(session, patient_id, by=by)
    other = queries.patient(session, other_id)
    if other.id == deed.patient.id:
        raise NoSuchEntry(other_id)
    rights = {"may_consent": may_consent, "may_collect": may_collect, "emergency": emergency}
    made = Tie(from_id=other.id, to_id=deed.patient.id, kind=kind, **rights)
    deed.add(made, *TOLD)
    deed.note("tied", other=other.id, as_=kind)
    return made


def untie(session: Session, patient_id: int, tie_id: int, *, by: int | None) -> None:
    """It does not hold any more, seen from either end. Raises NoSuchPatient, NoSuchEntry."""
    deed = begin(session, patient_id, by=by)
    found, ids = session.get(Tie, (current_tenant(), tie_id)), queries.ids_of(session, patient_id)
    if found is None or not {found.from_id, found.to_id} & set(ids):
        raise NoSuchEntry(tie_id)
    if found.ended_at is None:
        deed.set(found, ended_at=now())
    deed.note("untied", tie=tie_id)


def found_household(session: Session, patient_id: int, name: str, *, by: int | None) -> Household:
    """Begin a household with this person in it. Raises NoSuchPatient."""
    deed = begin(session, patient_id, by=by)
    household = Household(name=name, founder_id=deed.patient.id)
    deed.add(household, "name")
    _join(deed, household.id)
    deed.note("household founded", household=household.id)
    return household


def join_household(session: Session, patient_id: int, with_id: int, *, by: int | None) -> None:
    """Live where another person lives; they get a household if they have none. Raises NoSuchPatient."""
    other = queries.patient(session, with_id)
    homes = queries.households(session, other.id)
    household = homes[0].id if homes else found_household(session, other.id, other.family_name, by=by).id
    deed = begin(session, patient_id, by=by)
    if household not in {home.id for home in queries.households(session, deed.patient.id)}:
        _join(deed, household)
    deed.note("household joined", household=household)


def leave_household(session: Session, patient_id: int, membership_id: int, *, by: int | None) -> None:
    """Live there no longer. Raises NoSuchPatient, NoSuchEntry."""
    deed = begin(session, patient_id, by=by)
    found = theirs(session, Membership, queries.ids_of(session, patient_id), membership_id)
    if found.left_at is None:
        deed.set(found, left_at=now())
    deed.note("household left", household=found.household_id)


def _join(deed: Deed, household_id: int) -> None:
    deed.add(Membership(household_id=household_id, patient_id=deed.patient.id), "household_id")
