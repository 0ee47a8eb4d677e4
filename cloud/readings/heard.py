"""What rows that came in say about the fleet: when an instrument was heard last, its serial number, dead letters."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.operations.watch import Condition
from cloud.readings.choices import SETTLED
from cloud.readings.models import DeadLetter, Replay

# Only gateways whose cursor has moved are looked at, and of their stores only what came since.
_NOTE = text(
    """
    WITH moved AS (
        SELECT DISTINCT g.id, g.store_id FROM readings_cursor c
        JOIN fleet_gateway g ON g.tenant_id = c.tenant_id AND g.id = c.gateway_id WHERE c.moved_at > :since
    ), newest AS (
        SELECT DISTINCT ON (r.gateway_id, r.dev) r.gateway_id, r.dev, r.captured_at AS at,
            left(NULLIF(CAST(r.body AS json) -> 'instrument' ->> 'serial', ''), 80) AS serial
        FROM moved m JOIN readings_reading r ON r.store_id = m.store_id AND r.gateway_id = m.id
        WHERE r.arrived_at > :since ORDER BY r.gateway_id, r.dev, r.captured_at DESC
    )
    UPDATE fleet_instrument i SET heard_at = n.at, serial = COALESCE(n.serial, i.serial) FROM newest n
    WHERE i.gateway_id = n.gateway_id AND i.dev = n.dev AND (i.heard_at IS NULL OR i.heard_at < n.at)
    """
)


def note(session: Session, since: datetime) -> int:
    """Tell the chain's instruments when they were heard last; how many were heard since."""
    return int(session.execute(_NOTE, {"since": since}).rowcount)  # type: ignore[attr-defined]


def dead_letters(session: Session, least: int) -> Iterator[Condition]:
    """Gateways with so many rows within a day that could not be taken and that nobody has settled."""
    settled = select(Replay.letter_id).where(Replay.outcome.in_(SETTLED))
    lately = (DeadLetter.arrived_at > now() - timedelta(days=1)) & DeadLetter.id.not_in(settled)
    counted, last = func.count().label("many"), func.max(DeadLetter.arrived_at).label("last")
    query = select(DeadLetter.gateway_id, DeadLetter.store_id, counted, last).where(lately)
    grouped = query.group_by(DeadLetter.gateway_id, DeadLetter.store_id).having(func.count() >= least)
    for gateway_id, store_id, many, at in session.execute(grouped):
        yield Condition(gateway_id, store_id, "dead_letters", "", {"count": many, "since": at.isoformat()})
