"""The worker sends letters in a thread of its own, so that a slow mail server holds up nothing else."""

import logging
import threading
import time

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from cloud.accounts import queries as accounts
from cloud.kernel.database import outside, unit_of_work
from cloud.messages import sending, services
from cloud.messages.smtp import TIMEOUT_S

log = logging.getLogger(__name__)

AT_ONCE, FORGET_S = 20, 3600.0


class Postman:
    """The worker's job. As many workers as one likes: a letter is in the hands of one."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._forgot = time.monotonic()

    def work(self, engine: Engine) -> bool:
        """Begin a round where none is under way; False when nothing was begun."""
        if self._thread is not None and self._thread.is_alive():
            return False
        self._forget(engine)
        waiting = due(engine)
        if waiting:
            self._thread = threading.Thread(target=_round, args=(engine, waiting), name="postman", daemon=True)
            self._thread.start()
        return bool(waiting)

    def _forget(self, engine: Engine) -> None:
        """Once in a while secrets that are of no use any more are erased."""
        if time.monotonic() - self._forgot < FORGET_S:
            return
        self._forgot = time.monotonic()
        for tenant_id in accounts.chains(engine):
            with unit_of_work(engine, tenant_id) as session:
                services.forget(session)

    def close(self) -> None:
        """Let the letter in hand be finished."""
        if self._thread is not None:
            self._thread.join(TIMEOUT_S)


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chains and letters that are to be looked at now, the longest waiting first."""
    with outside(engine) as session:
        rows = session.execute(text("SELECT * FROM messages_due(:most)"), {"most": AT_ONCE})
        return [(one.of_tenant, one.letter_id) for one in rows]


def _round(engine: Engine, waiting: list[tuple[int, int]]) -> None:
    for tenant_id, letter_id in waiting:
        try:
            sending.deliver(engine, tenant_id, letter_id)
        except OperationalError as trouble:
            log.warning("letters wait for the database (%s)", type(trouble.orig).__name__)
            return
        except Exception as trouble:
            # its words may quote a patient; the letter is looked at again when its lease is over
            log.error("letter %d could not be sent (%s)", letter_id, type(trouble).__name__)
