"""What devices say of an examination while they perform it: it moves the order they name, and nobody else's.

An order is named as by a result: by the study UID we issued or by accession number, in the store it is wanted in; what
the device says of its patient may not contradict. What fits nothing changes nothing.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.worklist import queries, rules, services
from cloud.worklist.choices import Deed
from cloud.worklist.models import Order, Step
from protocols.envelope import Event, Malformed, steps
from protocols.readings import OrderRef

log = logging.getLogger(__name__)

DEEDS = {
    steps.STARTED: Deed.STARTED,
    steps.PERFORMED: Deed.PERFORMED,
    steps.DISCONTINUED: Deed.DISCONTINUED,
}


def heard(session: Session, gateway_id: int, store_id: int, event: Event) -> None:
    """A device began, ended or broke off. Twice the same, or late, changes nothing more. Raises Malformed."""
    said, at = steps.step(event), _moment(event)
    for order in _meant(session, store_id, said):
        held = queries.order(session, order.id, hold=True)
        row = Step(order_id=held.id, gateway_id=gateway_id, uid=said.uid, state=DEEDS[event.code].value, at=at)
        if _is_new(session, row):
            _follow(session, held, said.why or None, at)


def _moment(event: Event) -> datetime:
    try:
        at = datetime.fromisoformat(event.at)
    except ValueError:
        raise Malformed("the moment of a step is none") from None
    if at.tzinfo is None or not 1970 <= at.year < 9999:
        raise Malformed("the moment of a step lacks a zone, or lies beyond any calendar")
    return at


def _meant(session: Session, store_id: int, said: steps.Step) -> Iterator[Order]:
    """The orders that were named, each once, in the order of their ids: two writers never wait in a ring."""
    found = {order.id: order for ref in said.orders if (order := _named(session, ref)) is not None}
    for _id, order in sorted(found.items()):
        if order.store_id == store_id and _agrees(session, order, said):
            yield order
        else:
            log.warning("a device named order %d, and what it said does not fit it", order.id)


def _named(session: Session, ref: steps.Ordered) -> Order | None:
    """None where its two numbers are of different orders."""
    order = queries.named(session, OrderRef(accession=ref.accession or None, study_uid=ref.study_uid or None))
    return order if order is not None and ref.accession in ("", order.accession) else None


def _agrees(session: Session, order: Order, said: steps.Step) -> bool:
    patient = people.patient(session, order.patient_id)
    if said.patient_id and people.by_number(session, [said.patient_id]).get(said.patient_id) != patient.id:
        return False
    born = _day(said.birth_date)
    return born is None or patient.birth_date is None or born == patient.birth_date


def _day(text: str) -> date | None:
    """ISO or DICOM's eight digits; what is no day says nothing."""
    digits = text.replace("-", "")
    try:
        return date.fromisoformat(digits) if digits.isdecimal() and len(digits) == 8 else None
    except ValueError:
        return None


def _is_new(session: Session, row: Step) -> bool:
    said = {name: getattr(row, name) for name in ("order_id", "gateway_id", "uid", "state", "at")}
    statement = insert(Step).values(tenant_id=current_tenant(), **said).on_conflict_do_nothing()
    return session.execute(statement.returning(Step.id)).scalar() is not None


def _follow(session: Session, order: Order, why: str | None, at: datetime) -> None:
    """What all its steps say together, where the order may still go there: a person, or a result, has the last word."""
    deed = rules.standing(queries.steps(session, order.id))
    if deed is not None and order.state in rules.LEADS[deed][1]:
        services.advance(session, order.id, deed, why=why if deed is Deed.DISCONTINUED else None, said_at=at)
