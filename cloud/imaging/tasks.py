"""What the worker does with pictures: an original that is due goes through a process that may die of it.

What that process has made is kept line by line, each in a transaction of its own, so that the thumbnail is on the page
while the last slices are still being made. A few originals are in work at once, beside the worker's other steps.
"""

import itertools
import json
import logging
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from cloud.blobs import reading
from cloud.blobs.errors import Damaged, NoSuchBlob
from cloud.imaging import queries, services
from cloud.imaging.choices import Kind, Why
from cloud.imaging.reserve import Reserve, working
from cloud.kernel.database import unit_of_work

log = logging.getLogger(__name__)

AT_ONCE = 2
Within = Callable[[], Any]  # a unit of work of the original's chain
Made = set[tuple[str, int]]  # kind and number of what has been derived
Key = tuple[int, int]  # chain and original


class Deriver:
    """The worker's job: begins what is due, as long as there is room; chains take turns.

    What an older rule derived is derived anew one by one, while nothing else is to be done: there is always room for
    what has just arrived.
    """

    def __init__(self) -> None:
        self._busy: dict[Key, threading.Thread] = {}
        self._turns, self._served = itertools.count(), dict[int, int]()
        self._reserve = Reserve()

    def work(self, engine: Engine) -> bool:
        """Begin what is due; False when nothing was begun."""
        self._busy = {key: thread for key, thread in self._busy.items() if thread.is_alive()}
        begun = self._waiting(engine)
        for key in begun:
            self._busy[key] = threading.Thread(target=_guarded, args=(engine, *key, self._reserve), daemon=True)
            self._busy[key].start()
        if not self._busy:
            self._reserve.fill()
        return bool(begun)

    def close(self) -> None:
        """Let the process that waits go."""
        self._reserve.close()

    def _waiting(self, engine: Engine) -> list[Key]:
        room = AT_ONCE - len(self._busy)
        waiting = [key for key in queries.due(engine) if key not in self._busy] if room else []
        if not waiting and not self._busy:
            return queries.older(engine)
        return list(self._in_turn(waiting, room))

    def _in_turn(self, waiting: list[Key], room: int) -> Iterator[Key]:
        """Of the chain that was served longest ago the oldest, and so on."""
        for _place in range(min(room, len(waiting))):
            key = min(waiting, key=lambda one: (self._served.get(one[0], -1), one[1]))
            waiting.remove(key)
            self._served[key[0]] = next(self._turns)
            yield key


def _guarded(engine: Engine, tenant_id: int, original_id: int, reserve: Reserve) -> None:
    try:
        derive(engine, tenant_id, original_id, reserve)
    except OperationalError as trouble:
        log.warning("deriving waits for the database (%s)", type(trouble.orig).__name__)
    except Exception as trouble:
        # its words may quote a patient; it is tried again, and given up after a few times
        log.error("original %d could not be derived (%s)", original_id, type(trouble).__name__)


def derive(engine: Engine, tenant_id: int, original_id: int, reserve: Reserve | None = None) -> bool:
    """Derive everything of one original; False when another worker has it, or nothing is to be done.

    With a ``reserve`` its process is taken, and the next is started once the thumbnail is there.
    """
    within = _within(engine, tenant_id)
    with within() as session:
        original = services.take(session, original_id)
    if original is None:
        return False
    made: Made = set()
    why = _derived(within, original_id, original.sha256, made, reserve)
    with within() as session:
        if why is None:
            services.drop(session, original_id, made)
        services.end(session, original_id, why)
    return True


def _derived(within: Within, original_id: int, sha256: str, made: Made, reserve: Reserve | None) -> Why | None:
    """Keep all the process makes of it; why there is no more, or None."""
    with tempfile.TemporaryDirectory(prefix="emm-picture-") as name:
        folder = Path(name)
        try:
            with within() as session:
                _fetch(session, sha256, folder / "original")
        except (NoSuchBlob, Damaged):
            return Why.UNREADABLE
        for line in _lines(folder, reserve or Reserve()):
            if "ended" in line:
                return Why(line["why"]) if line["ended"] == "failed" else None
            _take_line(within, original_id, line, folder)
            if "kind" in line:
                made.add((line["kind"], line["number"]))
            elif reserve:  # what it is is told after the thumbnail, so that starting the next delays neither
                reserve.fill()
    return Why.UNREADABLE


def _within(engine: Engine, tenant_id: int) -> Within:
    return lambda: unit_of_work(engine, tenant_id)


def _fetch(session: Any, sha256: str, path: Path) -> None:
    with path.open("wb") as file:
        for piece in reading.stream(session, sha256):
            file.write(piece)


def _take_line(within: Within, original_id: int, line: dict[str, Any], folder: Path) -> None:
    with within() as session:
        if "about" in line:
            services.learn(session, original_id, line["about"])
            return
        made = folder / "made" / Path(line["file"]).name  # foreign bytes may have had their way with who says this
        services.keep(session, original_id, line, made.read_bytes())
        made.unlink()
        if line["kind"] == Kind.THUMBNAIL:
            services.tell(session, queries.original(session, original_id))


def _lines(folder: Path, reserve: Reserve) -> Iterator[dict[str, Any]]:
    """What the process says, line by line; one that was killed ends without saying so."""
    (folder / "made").mkdir()
    with working(reserve, folder / "original", folder / "made") as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe, which the type cannot say
        for line in process.stdout:
            yield json.loads(line)
        if process.wait() < 0:
            slow = -process.returncode in (signal.SIGXCPU, signal.SIGALRM)
            yield {"ended": "failed", "why": (Why.TOO_SLOW if slow else Why.TOO_LARGE).value}
