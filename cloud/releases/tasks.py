"""What the worker does with roll-outs: one step is one transaction, and a roll-out is in the hands of one worker."""

import logging
import time

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from cloud.kernel.database import unit_of_work
from cloud.releases import queries, services

log = logging.getLogger(__name__)

EVERY_S = 5.0
_looked = [0.0]


def work(engine: Engine, every_s: float = EVERY_S) -> bool:
    """One step of every roll-out that is not over; False when there was nothing to do, or it is too soon to look."""
    if time.monotonic() - _looked[0] < every_s:
        return False
    worked = [_tried(engine, *one) for one in queries.due(engine)]
    if not any(worked):
        _looked[0] = time.monotonic()
    return any(worked)


def _tried(engine: Engine, tenant_id: int, rollout_id: int) -> bool:
    """A step; one that fails is tried again later and holds up no other chain."""
    try:
        return step(engine, tenant_id, rollout_id)
    except OperationalError:
        raise
    except Exception as trouble:
        log.error("a step of roll-out %d failed (%s)", rollout_id, type(trouble).__name__)
        return False


def step(engine: Engine, tenant_id: int, rollout_id: int) -> bool:
    """The next step of one roll-out; False when another worker has it, or nothing is due."""
    with unit_of_work(engine, tenant_id) as session:
        if not queries.hold(session, rollout_id):
            return False
        return services.forward(session, queries.rollout(session, rollout_id))
