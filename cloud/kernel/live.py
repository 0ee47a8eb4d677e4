"""Facts on their way to open pages: one listening connection a process, one small queue a page."""

import contextlib
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator

import msgspec
import psycopg

from cloud.kernel import facts
from cloud.kernel.facts import CHANNEL, Fact

log = logging.getLogger(__name__)

BEAT_SECONDS = 15.0
LOOK_UP_SECONDS = 1.0
BACKLOG = 200  # a page that falls this far behind starts anew
REMEMBERED = 1000  # facts kept for pages that were rendered before they began to listen


class Closed(Exception):
    """The stream has missed something; the page reconnects and fetches everything afresh."""


class Page:
    """One open page's queue."""

    def __init__(self, tenant_id: int) -> None:
        self.tenant_id = tenant_id
        self._queue: queue.Queue[tuple[int, Fact] | None] = queue.Queue(BACKLOG)
        self._broken = False

    def push(self, number: int, fact: Fact | None) -> None:
        """Hand a fact over, or None to end the stream."""
        try:
            self._queue.put_nowait((number, fact) if fact else None)
        except queue.Full:
            self._broken = True

    def next(self) -> tuple[int, Fact] | None:
        """The next fact, or None after a quiet while. Raises Closed."""
        if self._broken:
            raise Closed
        try:
            found = self._queue.get(timeout=BEAT_SECONDS)
        except queue.Empty:
            return None
        if found is None:
            raise Closed
        return found


class Hub:
    """Listens to PostgreSQL and hands every fact to the pages of its chain.

    Facts are numbered by the millisecond, so that a page rendered by one process may go on at another.
    """

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._pages: set[Page] = set()
        self._recent: deque[tuple[int, Fact]] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()
        self._listening, self._closed = threading.Event(), threading.Event()
        self._last = 0
        self._thread: threading.Thread | None = None

    def moment(self) -> int:
        """Where a page that is rendered now should later begin to listen."""
        with self._lock:
            self._start()
        return time.time_ns() // 1_000_000

    @contextlib.contextmanager
    def page(self, tenant_id: int, since: int) -> Iterator[Page]:
        """A queue for as long as a page is open, beginning with what happened after ``since``."""
        page = Page(tenant_id)
        with self._lock:
            self._start()
        heard = self._listening.wait(2)
        with self._lock:
            self._pages.add(page)
            if not heard:  # what is told until we listen would be missed without a word
                page.push(0, None)
            for number, fact in self._recent:
                if number > since and fact.tenant_id == tenant_id:
                    page.push(number, fact)
        try:
            yield page
        finally:
            with self._lock:
                self._pages.discard(page)

    def _start(self) -> None:
        # on the first page, not at construction: a forked worker must listen for itself
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._listen, name="live-hub", daemon=True)
            self._thread.start()

    def open_pages(self) -> int:
        """How many pages listen to this process."""
        return len(self._pages)

    def listening(self) -> bool:
        """Whether facts are being heard right now."""
        return self._listening.is_set()

    def close(self) -> None:
        """Stop listening, within LOOK_UP_SECONDS."""
        self._closed.set()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._listening.set()
                    self._hear(connection)
            except psycopg.Error as trouble:
                log.warning("live pages wait for the database (%s)", type(trouble).__name__)
                self._listening.clear()
                self._restart_pages()
                self._closed.wait(1)

    def _hear(self, connection: psycopg.Connection) -> None:
        while not self._closed.is_set():
            for notice in connection.notifies(timeout=LOOK_UP_SECONDS):
                try:
                    self._hand_out(facts.read(notice.payload))
                except msgspec.MsgspecError:
                    log.warning("somebody said something on %s that is no fact", CHANNEL)

    def _hand_out(self, fact: Fact) -> None:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000)
            self._recent.append((self._last, fact))
            for page in self._pages:
                if page.tenant_id == fact.tenant_id:
                    page.push(self._last, fact)

    def _restart_pages(self) -> None:
        """What was told while nobody listened is lost; pages that fetch afresh miss nothing."""
        with self._lock:
            pages = list(self._pages)
        for page in pages:
            page.push(0, None)
