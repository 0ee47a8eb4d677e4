"""What the worker does for the queue: with the day, the stays end that nobody ended."""

import time
from datetime import date, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.queue import holding, queries, services
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Through
from cloud.queue.models import Stay

EVERY_SECONDS = 600.0
WHY = "The day was over."
PATIENCE = timedelta(days=2)


class Closer:
    """Looks over all chains every ten minutes."""

    def __init__(self) -> None:
        self._next = 0.0

    def work(self, engine: Engine) -> bool:
        """One round, if it is time; whether there was anything to do."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + EVERY_SECONDS
        return sum(_close(engine, tenant_id) for tenant_id in accounts.chains(engine)) > 0


def _close(engine: Engine, tenant_id: int) -> int:
    with unit_of_work(engine, tenant_id) as session:
        return close(session)


def _may_end(session: Session, store_id: int) -> date:
    """Days before this one; a gateway that has the queue may still tell how its people fared, for a day or two."""
    today = queries.today(session, store_id)
    return today if holding.away(session, store_id) is None else today - PATIENCE


def close(session: Session) -> int:
    """End what is left of days that are over in their stores; how many stays that were."""
    open_ = Stay.state == Here.HERE
    old = session.scalars(select(Stay).where(open_, Stay.day < now().date() + timedelta(days=1))).all()
    over = [one for one in old if one.day < _may_end(session, one.store_id)]
    for stay in over:
        services.leave(session, stay, by=None, why=WHY, through=Through.SYSTEM)
    return len(over)
