"""On what terms a store takes bookings: what is offered to whom by which channel, how many at most, its policy."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cloud.planning import history, queries
from cloud.planning.choices import Deed, Subject
from cloud.schedule.models import Offered, Policy, Quota

Answers = tuple[str, str]  # what becomes of new and of existing patients


def offer(session: Session, store_id: int, told: Mapping[tuple[int, str], Answers], *, by: int) -> None:
    """Set these types and channels of a store; what refuses both new and existing patients is not offered."""
    stands = queries.offers(session, store_id)
    for (type_id, channel), answers in told.items():
        _offer(session, store_id, (type_id, channel), answers, stands.get((type_id, channel)), by)


def add_quota(session: Session, store_id: int, told: Mapping[str, Any], *, by: int) -> Quota:
    """At most so many."""
    one = Quota(store_id=store_id, **told)
    session.add(one)
    history.keep(session, Subject.QUOTA, Deed.ADDED, one, by=by)
    return one


def remove_quota(session: Session, one: Quota, *, by: int) -> None:
    """As many as there are times for."""
    history.keep(session, Subject.QUOTA, Deed.REMOVED, one, by=by, before=history.row(one), after={})
    session.delete(one)
    session.flush()


def set_policy(session: Session, store_id: int | None, told: Mapping[str, Any], *, by: int) -> Policy:
    """How a store books, or the chain where a store has not said."""
    one = queries.policy(session, store_id)
    if one is None:
        one = Policy(store_id=store_id, **told)
        session.add(one)
        history.keep(session, Subject.POLICY, Deed.ADDED, one, by=by)
        return one
    before = history.row(one)
    for name, value in told.items():
        setattr(one, name, value)
    session.flush()
    if history.row(one) != before:
        history.keep(session, Subject.POLICY, Deed.CHANGED, one, by=by, before=before)
    return one


def _offer(
    session: Session, store_id: int, what: tuple[int, str], answers: Answers, stands: Offered | None, by: int
) -> None:
    new, existing = answers
    if stands is None:
        if answers != ("no", "no"):
            one = Offered(type_id=what[0], store_id=store_id, channel=what[1], new=new, existing=existing)
            session.add(one)
            history.keep(session, Subject.OFFER, Deed.ADDED, one, by=by)
    elif (stands.new, stands.existing) != answers:
        before = history.row(stands)
        stands.new, stands.existing = answers
        history.keep(session, Subject.OFFER, Deed.CHANGED, stands, by=by, before=before)
