"""The worker: what takes longer than a page may take, done outside the request, step by step.

Run as many as needed: a step is one transaction that holds what it works on, so they share the work, and one that
is killed has left nothing half done.
"""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from cloud.blobs import tasks as blobs
from cloud.booking import tasks as booking
from cloud.booking.proving import Prover
from cloud.direct.tasks import Sweeper
from cloud.exchange.delivering import Courier
from cloud.imaging.choices import DUE
from cloud.imaging.tasks import Deriver
from cloud.imports import tasks as imports
from cloud.kernel.bell import Bell
from cloud.loops.tasks import Follower
from cloud.messages.tasks import Postman
from cloud.operations.tasks import Watchman
from cloud.queue.tasks import Closer
from cloud.readings import heard
from cloud.releases import tasks as releases
from cloud.telemetry import meters
from cloud.telemetry.tasks import Upkeep

log = logging.getLogger(__name__)

REST_SECONDS = 0.5
TROUBLE_SECONDS = 5.0


Jobs = dict[str, Callable[[Engine], bool]]


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop; the step under way is finished first."""
    watchman, deriver = Watchman({"dead_letters": heard.dead_letters}, heard.note), Deriver()
    postman, courier = Postman(), Courier()
    jobs: Jobs = {
        "imports": imports.work,
        "releases": releases.work,
        "operations": watchman.work,
        "telemetry": Upkeep().work,
        "imaging": deriver.work,
        "blobs": blobs.work,
        "direct": Sweeper().work,
        "booking": booking.work,
        "masks": Prover().work,
        "messages": postman.work,
        "exchange": courier.work,
        "loops": Follower().work,
        "queue": Closer().work,
    }
    bell = Bell(engine, DUE)  # somebody looks at a page and waits for a picture
    bell.start()
    while not stop.is_set():
        seconds = _rest(engine, jobs)
        if seconds > REST_SECONDS:
            stop.wait(seconds)
        else:
            bell.wait(seconds)
    bell.close()
    deriver.close()
    postman.close()
    courier.close()


def _rest(engine: Engine, jobs: Jobs) -> float:
    """Do what is due, and say for how many seconds to rest then."""
    try:
        more = [_counted(name, work, engine) for name, work in jobs.items()]
        return 0.0 if any(more) else REST_SECONDS
    except OperationalError as trouble:
        log.warning("the worker waits for the database (%s)", type(trouble.orig).__name__)
    return TROUBLE_SECONDS


def _counted(name: str, work: Callable[[Engine], bool], engine: Engine) -> bool:
    """A step; how it went and how long it took is counted, not that there was nothing to do."""
    began = time.perf_counter()
    try:
        worked = work(engine)
    except Exception:
        meters.step(name, "failed", time.perf_counter() - began)
        raise
    if worked:
        meters.step(name, "done", time.perf_counter() - began)
    return worked
