"""What the worker does for the patients' pages: whatever somebody did not end leaves nothing behind."""

import time

from sqlalchemy import Engine, delete, text

from cloud.direct.flows import KEPT
from cloud.direct.models import Flow, Try
from cloud.kernel.clock import now
from cloud.kernel.database import outside, unit_of_work

EVERY_SECONDS = 300.0


class Sweeper:
    """Flows that are over, and tries that are counted no more, every five minutes."""

    def __init__(self) -> None:
        self._next = 0.0

    def work(self, engine: Engine) -> bool:
        """One round, if it is time; whether there was anything to do."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + EVERY_SECONDS
        return sweep(engine) > 0


def sweep(engine: Engine) -> int:
    """Delete what is over; in how many chains there was any."""
    with outside(engine) as session:
        chains = list(session.scalars(text("SELECT * FROM direct_over()")))
    for tenant_id in chains:
        with unit_of_work(engine, tenant_id) as session:
            session.execute(delete(Flow).where(Flow.until < now()))
            session.execute(delete(Try).where(Try.at < now() - KEPT))
    return len(chains)
