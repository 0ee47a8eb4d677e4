"""One thing asked of many gateways: tried dry, done by the worker step by step, stopped by a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from cloud.fleet import listing
from cloud.fleet.listing import Line
from cloud.fleet.models import Gateway
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.operations import deeds
from cloud.operations.choices import Running, Step
from cloud.operations.deeds import CannotBeDone
from cloud.operations.errors import NoSuchBulk
from cloud.operations.models import Bulk, BulkStep
from cloud.releases import queries as releases
from cloud.releases.rules import rings as drawn

AT_ONCE = 100  # steps of one transaction
SHOWN = 500
TOPIC = "operations.bulk"


@dataclass(frozen=True, slots=True)
class Trial:
    """What would be done: whom it reaches, and who is left out with a code of why."""

    reached: Sequence[Line]
    left_out: Sequence[tuple[Line, str]]


def rings(session: Session) -> list[int]:
    """How many gateways each ring of the chain has, the first first; a share is drawn the same way each time."""
    return [len(one) for one in _rings(session)]


def ring(session: Session, number: int) -> Sequence[int]:
    """The gateways of a ring, counted from 1; none where there is no such ring."""
    found = _rings(session)
    return found[number - 1] if 0 < number <= len(found) else ()


def _rings(session: Session) -> list[list[int]]:
    edition, shares = releases.rings(session)
    return drawn(shares, releases.enrolled(session), edition)


def trial(session: Session, asked: listing.Asked, verb: str) -> Trial:
    """Try it dry."""
    found = [(line, deeds.why_not(line.gateway, verb)) for line in listing.lines(session, asked)]
    return Trial([line for line, why in found if why is None], [(line, why) for line, why in found if why])


def begin(session: Session, *, verb: str, args: str, gateway_ids: Sequence[int], by: int) -> Bulk:
    """Begin it with these gateways of the chain; the worker does the rest."""
    bulk = Bulk(verb=verb, args=args, asked_by=by)
    session.add(bulk)
    session.flush()
    rows = [{"tenant_id": current_tenant(), "bulk_id": bulk.id, "gateway_id": one} for one in gateway_ids]
    if rows:
        session.execute(insert(BulkStep), rows)
    else:
        bulk.state, bulk.ended_at = Running.DONE, now()
    audit.note(session, by=by, verb=f"bulk {verb}", kind="bulk", subject=bulk.id, gateways=len(rows))
    return bulk


def running(session: Session) -> Sequence[int]:
    """Actions with something left to do."""
    return session.scalars(select(Bulk.id).where(Bulk.state == Running.RUNNING.value).order_by(Bulk.id)).all()


def step(session: Session, bulk_id: int) -> bool:
    """The next gateways of an action; False when another worker has it or nothing is left."""
    waits = (Bulk.id == bulk_id) & (Bulk.state == Running.RUNNING.value)
    bulk = session.scalars(select(Bulk).where(waits).with_for_update(skip_locked=True)).first()
    if bulk is None:
        return False
    left = select(BulkStep).where(BulkStep.bulk_id == bulk_id, BulkStep.state == Step.WAITING.value)
    found = session.scalars(left.order_by(BulkStep.id).limit(AT_ONCE)).all()
    gateways = {
        one.id: one for one in session.scalars(select(Gateway).where(Gateway.id.in_([s.gateway_id for s in found])))
    }
    for one in found:
        _do(session, bulk, one, gateways[one.gateway_id])
    if len(found) < AT_ONCE:
        bulk.state, bulk.ended_at = Running.DONE, now()
    session.flush()
    announce(session, Fact(topic=TOPIC, tenant_id=current_tenant(), subject=str(bulk_id)))
    return True


def _do(session: Session, bulk: Bulk, one: BulkStep, gateway: Gateway) -> None:
    try:
        one.outcome = deeds.do(session, gateway, bulk.verb, bulk.args, by=bulk.asked_by)
        one.state = Step.GIVEN
    except CannotBeDone as refusal:
        one.state, one.why = Step.REFUSED, str(refusal)
    one.ended_at = now()


def stop(session: Session, bulk_id: int, *, by: int) -> bool:
    """Ask nobody else; what was given stays given. False when it had ended. Raises NoSuchBulk."""
    bulk = session.get(Bulk, (current_tenant(), bulk_id), with_for_update=True)
    if bulk is None:
        raise NoSuchBulk(bulk_id)
    if bulk.state != Running.RUNNING:
        return False
    bulk.state, bulk.ended_at = Running.STOPPED, now()
    left = update(BulkStep).where(BulkStep.bulk_id == bulk_id, BulkStep.state == Step.WAITING.value)
    session.execute(left.values(state=Step.STOPPED.value, why="stopped", ended_at=now()))
    audit.note(session, by=by, verb="stopped", kind="bulk", subject=bulk_id)
    announce(session, Fact(topic=TOPIC, tenant_id=current_tenant(), subject=str(bulk_id)))
    return True


def one(session: Session, bulk_id: int) -> Bulk:
    """An action of this chain. Raises NoSuchBulk."""
    found = session.get(Bulk, (current_tenant(), bulk_id)) if 0 < bulk_id < 2**63 else None
    if found is None:
        raise NoSuchBulk(bulk_id)
    return found


def newest(session: Session) -> Sequence[Bulk]:
    """The last actions, the newest first."""
    return session.scalars(select(Bulk).order_by(Bulk.id.desc()).limit(50)).all()


def counts(session: Session, bulk_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How far each is: gateways by their step."""
    found: dict[int, dict[str, int]] = {one: {} for one in bulk_ids}
    query = select(BulkStep.bulk_id, BulkStep.state, func.count()).where(BulkStep.bulk_id.in_(bulk_ids))
    for bulk_id, state, many in session.execute(query.group_by(BulkStep.bulk_id, BulkStep.state)):
        found[bulk_id][state] = many
    return found


def steps(session: Session, bulk_id: int, state: str = "") -> list[tuple[BulkStep, Line]]:
    """The first gateways of an action, those refused before the rest, each with its line of the list."""
    query = select(BulkStep).where(BulkStep.bulk_id == bulk_id)
    query = query.where(BulkStep.state == state) if state else query
    first = (BulkStep.state == Step.REFUSED.value).desc()
    found = session.scalars(query.order_by(first, BulkStep.id).limit(SHOWN)).all()
    asked = listing.Asked(ids=tuple(one.gateway_id for one in found))
    lines = {line.gateway.id: line for line in listing.lines(session, asked)} if found else {}
    return [(one, lines[one.gateway_id]) for one in found]
