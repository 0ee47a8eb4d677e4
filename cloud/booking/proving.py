"""The worker proves masks, a store after the other: what is derived may be wrong one day, and nobody would see it."""

import logging
import time
from datetime import timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking import masks, taking
from cloud.booking.models import Mask
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.schedule import queries as schedule

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0  # a thousand stores in less than a day
PAST = timedelta(days=2)  # a day is over everywhere


class Prover:
    """The next store of every chain, once a minute."""

    def __init__(self) -> None:
        self._next = 0.0
        self._last: dict[int, int] = {}

    def work(self, engine: Engine) -> bool:
        """One round, if it is time; there is never more to do at once."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + EVERY_SECONDS
        for tenant_id in accounts.chains(engine):
            with unit_of_work(engine, tenant_id) as session:
                self._last[tenant_id] = step(session, self._last.get(tenant_id, 0))
        return False


def step(session: Session, after: int) -> int:
    """Prove the first store after ``after``, and forget its days that are over; its number, 0 after the last."""
    since = (now() - PAST).date()
    store_id = session.scalar(select(func.min(Mask.store_id)).where(Mask.store_id > after))
    if store_id is None:
        return 0
    session.execute(delete(Mask).where(Mask.store_id == store_id, Mask.on_date < since))
    ids = [one.id for one in schedule.resources(session, store_id)]
    taking.lock(session, ids)
    taking.sweep(session, ids)  # a hold that has ended still stands in its day's masks
    wrong = masks.prove(session, store_id, since)
    if wrong:
        log.error("%s days of store %s were not as they were written down; they are counted out anew", wrong, store_id)
    return store_id
