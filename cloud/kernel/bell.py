"""A bell that a commit rings: a thread listens to PostgreSQL, and whoever waits goes on at once."""

import logging
import threading

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


def listening(connection: Connection, channel: str) -> psycopg.Connection:
    """The driver's connection, which from now on hears what is said on a channel. It does not go back to the pool."""
    heard = connection.connection.driver_connection
    assert isinstance(heard, psycopg.Connection)  # noqa: S101  (the only driver there is)
    connection.detach()
    heard.autocommit = True
    heard.execute(f"LISTEN {channel}")
    return heard


class Bell(threading.Thread):
    """Rings when something is said on a channel. What is said while nobody listens does not ring: look as well."""

    def __init__(self, engine: Engine, channel: str) -> None:
        super().__init__(name=f"bell-{channel}", daemon=True)
        self._engine, self._channel = engine, channel
        self._rung, self._closed = threading.Event(), threading.Event()

    def wait(self, seconds: float) -> None:
        """Until it rings, at most so long; at once where it has rung since the last time."""
        self._rung.wait(seconds)
        self._rung.clear()

    def close(self) -> None:
        """Let nobody wait any more; the thread ends within LOOK_SECONDS."""
        self._closed.set()
        self._rung.set()

    def run(self) -> None:
        """Listen until closed."""
        while not self._closed.is_set():
            try:
                with self._engine.connect() as connection:
                    self._listen(connection)
            except (DBAPIError, psycopg.Error) as trouble:
                log.warning("nothing is heard of %s: the database is away (%s)", self._channel, type(trouble).__name__)
                self._closed.wait(LOOK_SECONDS)

    def _listen(self, connection: Connection) -> None:
        heard = listening(connection, self._channel)
        self._rung.set()  # for what was said before
        while not self._closed.is_set():
            for _notice in heard.notifies(timeout=LOOK_SECONDS, stop_after=1):
                self._rung.set()
