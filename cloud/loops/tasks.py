"""The worker's part: what may go on does so also where nobody has a page open; former days' tests expire."""

import time

from sqlalchemy import Engine

from cloud.kernel.database import unit_of_work
from cloud.loops import questions, services

EVERY_SECONDS = 1.0


class Follower:
    """One look over all chains a second: one question of an index of few rows."""

    def __init__(self) -> None:
        self._next = 0.0

    def work(self, engine: Engine) -> bool:
        """One round, if it is time; whether anything went on."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + EVERY_SECONDS
        return followed(engine) > 0


def followed(engine: Engine) -> int:
    """How many tasks went on or expired."""
    count = 0
    for tenant_id, store_id in questions.due(engine):
        with unit_of_work(engine, tenant_id) as session:
            count += services.follow(session, store_id) + services.expire(session, store_id)
    return count
