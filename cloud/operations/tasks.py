"""What the worker does for the fleet: looks for what is wrong in every chain, works off actions on many gateways."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.operations import alerts, bulk
from cloud.operations.conditions import Source

LOOK_SECONDS = 5.0  # how long after a gateway's birth an alert may come
BULK_SECONDS = 1.0
OVERLAP = timedelta(minutes=2)  # a row that was committed late


@dataclass(slots=True)
class Watchman:
    """Goes round; ``further`` are the conditions that rooms above this one know of, by rule.

    ``before`` is called with the moment of the last round, in every chain, before it is looked at.
    """

    further: Mapping[str, Source] = field(default_factory=dict)
    before: Callable[[Session, datetime], object] = lambda _session, _since: None
    _since: datetime = field(default_factory=lambda: now() - timedelta(days=1))
    _looks: float = 0.0
    _works: float = 0.0

    def work(self, engine: Engine) -> bool:
        """One round where it is due; whether there is more to do at once."""
        moment = time.monotonic()
        if moment < self._works:
            return False
        chains, looks = accounts.chains(engine), moment >= self._looks
        self._looks = moment + LOOK_SECONDS if looks else self._looks
        if looks:
            self._look(engine, chains)
        more = [_bulk(engine, tenant_id) for tenant_id in chains]
        self._works = moment if any(more) else moment + BULK_SECONDS
        return any(more)

    def _look(self, engine: Engine, chains: list[int]) -> None:
        began = now()
        for tenant_id in chains:
            with unit_of_work(engine, tenant_id) as session:
                self.before(session, self._since)
                alerts.look(session, self.further)
        self._since = began - OVERLAP


def _bulk(engine: Engine, tenant_id: int) -> bool:
    with unit_of_work(engine, tenant_id) as session:
        waiting = bulk.running(session)
    done = False
    for bulk_id in waiting:
        with unit_of_work(engine, tenant_id) as session:
            done |= bulk.step(session, bulk_id)
    return done
