"""The worker: what takes longer than a page may take, done outside the request, step by step.

Run as many as needed: a step is one transaction that holds what it works on, so they share the work, and one that
is killed has left nothing half done.
"""

import logging
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from cloud.imports import tasks as imports

log = logging.getLogger(__name__)

REST_SECONDS = 0.5
TROUBLE_SECONDS = 5.0


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop; the step under way is finished first."""
    while not stop.is_set():
        stop.wait(_rest(engine))


def _rest(engine: Engine) -> float:
    """Do what is due, and say for how many seconds to rest then."""
    try:
        return 0.0 if imports.work(engine) else REST_SECONDS
    except OperationalError as trouble:
        log.warning("the worker waits for the database (%s)", type(trouble.orig).__name__)
    return TROUBLE_SECONDS
