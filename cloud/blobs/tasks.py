"""What the worker does for blobs: uploads that nobody goes on with are thrown away."""

import logging
import time

from sqlalchemy import Engine

from cloud.blobs import queries, uploads
from cloud.blobs.errors import NoTicket
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.settings import Misconfigured

log = logging.getLogger(__name__)

EVERY_S = 600.0
_looked = [-EVERY_S]


def work(engine: Engine, every_s: float = EVERY_S) -> bool:
    """Look through them every few minutes; always False: nothing is left to do at once."""
    if time.monotonic() - _looked[0] >= every_s:
        _looked[0] = time.monotonic()
        for tenant_id, upload_id in queries.stale(engine, now() - uploads.PATIENCE):
            _thrown_away(engine, tenant_id, upload_id)
    return False


def _thrown_away(engine: Engine, tenant_id: int, upload_id: int) -> None:
    try:
        with unit_of_work(engine, tenant_id) as session:
            uploads.throw_away(session, upload_id)
    except (OSError, Misconfigured, NoTicket) as trouble:
        log.warning("an upload that is over cannot be thrown away (%s)", type(trouble).__name__)
