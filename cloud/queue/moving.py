"""A state becomes another: looked up in the machines, swapped where nobody was faster, stamped by the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.queue import holding
from cloud.queue.choices import Through
from cloud.queue.errors import Moved, NotDrawn
from cloud.queue.models import Stay, Step, Task
from protocols.queue.machines import may

Moving = Stay | Step | Task


def move(
    session: Session,
    row: Moving,
    becomes: str,
    *,
    by: int | None,
    through: Through = Through.PAGE,
    why: str | None = None,
    at: datetime | None = None,
    **also: Any,
) -> None:
    """Swap the state; ``also`` are other columns of the row that change with it. Raises NotDrawn, Moved."""
    was, of = row.state, type(row)
    if not may(row.machine, was, becomes):
        raise NotDrawn(row.machine, was, str(becomes))
    stamp = {"state": becomes, "by": by, "through": through, "why": why or None, "moved_at": at or now()}
    same = update(of).where(of.id == row.id, of.state == was, of.moved_at == row.moved_at)
    if session.execute(same.values(**stamp, **also).returning(of.id)).first() is None:
        raise Moved(row.id)
    session.refresh(row)


def tell(session: Session, store_id: int, subject: object = None) -> None:
    """Pages that show this store's queue look again, and so does its gateway."""
    holding.stir(session, store_id)
    of = {"tenant_id": current_tenant(), "store_id": store_id}
    announce(session, Fact(topic="queue", subject=str(subject) if subject is not None else None, **of))
