"""Two records of one person become one, and two again.

Nobody's rows are moved: the absorbed record stays and names the one that is open, ``queries.ids_of`` gives both. Of
the open record, only the fields the person at the compare page chose are taken over. The snapshot holds both rows
before and after, so that going back is exact, and refused when something it would put back was written since.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.people.choices import AllergyState, Status
from cloud.people.errors import NoSuchEntry, NotMergeable, NotUndoable
from cloud.people.models import Distinct, Merge, Patient
from cloud.people.services.deeds import Deed, locked, plain

COMPARED = (
    *("family_name", "given_name", "middle_name", "native_name", "preferred_name", "birth_date", "birth_year", "sex"),
    *("gender", "id_kind", "id_number", "occupation", "language", "interpreter", "phone", "class_id"),
    *("home_store_id", "status", "deceased_on", "moved_to"),
)
# What follows from merging itself, whatever was chosen.
FOLLOWING = ("roles", "allergy_state", "merged_into")
_KEPT = (*COMPARED, *FOLLOWING)


def merge(
    session: Session, survivor_id: int, absorbed_id: int, *, take: Collection[str], reason: str, by: int | None
) -> Merge:
    """Absorb one record into another; ``take`` names fields of the absorbed one that the open record gets.

    Raises:
        NoSuchPatient: one of them is nobody of this chain.
        NotMergeable: they are the same record, or one is absorbed already.
    """
    survivor, absorbed = _both(session, survivor_id, absorbed_id)
    if survivor is absorbed or survivor.merged_into or absorbed.merged_into:
        raise NotMergeable()
    before = {"survivor": _picture(survivor), "absorbed": _picture(absorbed)}
    followers = session.scalars(select(Patient).where(Patient.merged_into == absorbed.id).with_for_update()).all()
    _absorb(session, survivor, absorbed, followers, take, reason, by)
    after = {"survivor": _picture(survivor), "absorbed": _picture(absorbed)}
    snapshot = {"before": before, "after": after, "followers": [one.id for one in followers], "taken": sorted(take)}
    made = Merge(survivor_id=survivor.id, absorbed_id=absorbed.id, reason=reason, snapshot=snapshot, by=by)
    session.add(made)
    session.flush()
    audit.note(session, by=by, verb="merged", kind="patient", subject=survivor.id, absorbed=absorbed.id, merge=made.id)
    return made


def _absorb(
    session: Session,
    survivor: Patient,
    absorbed: Patient,
    followers: Collection[Patient],
    take: Collection[str],
    reason: str,
    by: int | None,
) -> None:
    gets = {name: getattr(absorbed, name) for name in COMPARED if name in take}
    roles = sorted({*survivor.roles, *absorbed.roles})
    allergies = _allergies(survivor.allergy_state, absorbed.allergy_state)
    Deed(session, survivor, by=by, why=reason).set(survivor, **gets, roles=roles, allergy_state=allergies)
    for one in (absorbed, *followers):
        Deed(session, one, by=by, why=reason).set(one, merged_into=survivor.id, status=Status.MERGED)


def _allergies(one: str, other: str) -> str:
    """A list stays a list; of two silences one that was asked holds only if the other was not."""
    states = (AllergyState.LISTED, AllergyState.NONE_KNOWN, AllergyState.NOT_ASKED)
    return next(state for state in states if state in (one, other))


def unmerge(session: Session, merge_id: int, *, reason: str, by: int | None) -> Merge:
    """Two records again, each exactly as it was in what the merge changed.

    Raises:
        NoSuchEntry: no such merge in this chain.
        NotUndoable: it is undone already (no fields), or fields were written since, which are named.
    """
    found = session.get(Merge, (current_tenant(), merge_id), with_for_update=True)
    if found is None:
        raise NoSuchEntry(merge_id)
    survivor, absorbed = _both(session, found.survivor_id, found.absorbed_id)
    back = list(_backwards(found, survivor, absorbed))
    for row, values in back:
        Deed(session, row, by=by, why=reason).set(row, **values)
    for follower in found.snapshot["followers"]:
        row = locked(session, follower)
        Deed(session, row, by=by, why=reason).set(row, merged_into=absorbed.id)
    found.undone_at, found.undone_by, found.undo_reason = now(), by, reason
    audit.note(session, by=by, verb="unmerged", kind="patient", subject=survivor.id, absorbed=absorbed.id)
    session.flush()
    return found


def _backwards(found: Merge, survivor: Patient, absorbed: Patient) -> Iterator[tuple[Patient, dict[str, Any]]]:
    if found.undone_at is not None:
        raise NotUndoable()
    before, after = found.snapshot["before"], found.snapshot["after"]
    rows = {"survivor": survivor, "absorbed": absorbed}
    changed = {who: [name for name in _KEPT if before[who][name] != after[who][name]] for who in rows}
    lost = [name for who, row in rows.items() for name in changed[who] if plain(getattr(row, name)) != after[who][name]]
    lost += ["merged_into"] if survivor.merged_into and "merged_into" not in lost else []
    if lost:
        raise NotUndoable(tuple(lost))
    for who, row in rows.items():
        yield row, {name: value_of(name, before[who][name]) for name in changed[who]}


def value_of(field: str, kept: Any) -> Any:
    """A value of the record as it stood in the history."""
    return date.fromisoformat(kept) if kept is not None and field in ("birth_date", "deceased_on") else kept


def part(session: Session, one_id: int, other_id: int, *, by: int | None) -> None:
    """Remember that two records are two people. Raises NoSuchPatient, NotMergeable (one record)."""
    low, high = sorted((one_id, other_id))
    if low == high:
        raise NotMergeable()
    _both(session, low, high)
    session.add(Distinct(one_id=low, other_id=high, by=by))
    audit.note(session, by=by, verb="kept apart", kind="patient", subject=low, other=high)
    session.flush()


def _both(session: Session, one_id: int, other_id: int) -> tuple[Patient, Patient]:
    """Both rows, held; always the lower id first, so that two who merge at once do not wait for each other."""
    held = {which: locked(session, which) for which in sorted({one_id, other_id})}
    return held[one_id], held[other_id]


def _picture(row: Patient) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in _KEPT}
