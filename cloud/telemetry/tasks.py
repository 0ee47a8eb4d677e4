"""What the worker does with figures: adds up hours, lets go of what is old. Harmless in several workers at once."""

import time
from datetime import datetime, timedelta

from sqlalchemy import Engine

from cloud.accounts import queries as accounts
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.telemetry import services
from cloud.telemetry.choices import RAW_FOR

EVERY = timedelta(minutes=10)
# An hour's first looks arrive an hour before it can be added up, and the round before may have been EVERY ago.
BACK = timedelta(hours=1) + 2 * EVERY


class Upkeep:
    """Remembers when it last went round; the first round takes everything there is."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._reached: datetime | None = None

    def work(self, engine: Engine) -> bool:
        """Go round all chains when it is time; whether it was."""
        if self._last is not None and time.monotonic() - self._last < EVERY.total_seconds():
            return False
        at = now()
        since = self._reached - BACK if self._reached else at - RAW_FOR
        for tenant_id in accounts.chains(engine):
            with unit_of_work(engine, tenant_id) as session:
                services.add_up(session, at, since)
                services.let_go(session, at)
        self._last, self._reached = time.monotonic(), at
        return True
