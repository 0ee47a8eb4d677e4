"""A speaker that knows the visits, people and rules some reasons name."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from cloud.booking import listing
from cloud.booking.asking import View
from cloud.desk.wording import Speaker, said
from cloud.people import queries as people
from cloud.schedule import queries as schedule
from cloud.slots.layers import Kind, Why


def speaker(session: Session, seen: View, why: Iterable[Why]) -> Speaker:
    """Reads whatever these reasons are about, in as many questions for three as for one."""
    parts = {one.rule for one in why if one.kind == Kind.BUSY and one.rule}
    takers = listing.takers(session, parts) if parts else {}
    patients = people.named(session, {one.visit.patient_id for one in takers.values() if one.visit})
    types = {one.id: said(one.names, one.code) for one in schedule.types(session).values()}
    return Speaker(seen.plan, seen.quotas, types, takers, patients)
