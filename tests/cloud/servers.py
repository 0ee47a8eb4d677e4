"""The two PostgreSQL servers every SQL test runs on, each in a temporary folder and gone afterwards.

``embedded`` is the wheel's, with a superuser as the owner. ``debian`` is PostgreSQL 15 with an owner that is no
superuser, so that forced policies bind the owner too, and a login that is a member of the application role alone.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from cloud.kernel import embedded
from cloud.migrations.run import upgrade_url
from tests import prepared

DEBIAN = Path("/usr/lib/postgresql/15/bin")
TEMPLATE = "emmetra_template"
# These servers never outlive a test run, so nothing need survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """A running PostgreSQL of a kind: ``owner`` and ``app`` are logins, ``admin`` may do everything."""

    kind = ""
    owner = app = "postgres"

    def __init__(self, folder: Path) -> None:
        """Start on the data in the folder, or on new data."""
        raise NotImplementedError

    def url(self, database: str, login: str) -> str:
        raise NotImplementedError

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError

    @classmethod
    def make(cls, folder: Path) -> None:
        """A cluster at rest, with one migrated database to copy from."""
        server = cls(folder)
        try:
            server.prepare()
        finally:
            server.end()

    def prepare(self) -> None:
        """One migrated database to copy from."""
        for name, value in HASTY.items():
            self.admin(f"ALTER SYSTEM SET {name} = {value}")
        self.admin("SELECT pg_reload_conf()")
        self.admin(f"CREATE DATABASE {TEMPLATE} OWNER {self.owner}")
        upgrade_url(self.owner_url(TEMPLATE))

    def admin(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def owner_url(self, database: str) -> str:
        return self.url(database, self.owner)

    def app_url(self, database: str) -> str:
        return self.url(database, self.app)

    @contextmanager
    def database(self, name: str, template: str = TEMPLATE) -> Iterator[str]:
        """A database of one's own, dropped afterwards."""
        self.admin(f"CREATE DATABASE {name} OWNER {self.owner} TEMPLATE {template}")
        try:
            yield name
        finally:
            self.admin(f"DROP DATABASE {name} WITH (FORCE)")


class Embedded(Server):
    """The server from the wheel."""

    kind = "embedded"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = embedded.start(folder)

    def url(self, database: str, login: str) -> str:
        uri: str = self._server.get_uri(database)
        return uri.replace("postgres:@", f"{login}@")

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.stop()

    def end(self) -> None:
        self._server.cleanup()


class Debian(Server):
    """PostgreSQL 15 of Debian, run by a user of its own on a unix socket."""

    kind = "debian"
    owner, app = "emmetra_owner", "emmetra_web"

    def __init__(self, folder: Path) -> None:
        self._folder, self._data = folder, folder / "data"
        self._as: dict[str, Any] = _unprivileged(folder)
        if not self._data.exists():
            words = ["initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
            subprocess.run([DEBIAN / words[0], *words[1:]], check=True, stdout=subprocess.DEVNULL, **self._as)
        self.start()

    def prepare(self) -> None:
        """The same, for an owner that is no superuser and a login of the application's role."""
        self.admin("CREATE ROLE emmetra_owner LOGIN CREATEROLE")
        super().prepare()
        self.admin("CREATE ROLE emmetra_web LOGIN NOINHERIT IN ROLE emmetra_app")

    def url(self, database: str, login: str) -> str:
        return f"postgresql://{login}@/{database}?host={self._folder}"

    def start(self) -> None:
        words = ["-D", self._data, "-k", self._folder, "-h", "", "-c", "max_connections=60"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([DEBIAN / "postgres", *words], stderr=log, **self._as)
        wait_until(self._answers)

    def stop(self) -> None:
        self._process.send_signal(2)  # a fast shutdown: sessions are ended
        self._process.wait()

    def end(self) -> None:
        self.stop()

    def _answers(self) -> bool:
        try:
            self.admin("SELECT 1")
        except psycopg.OperationalError:
            assert self._process.poll() is None
            return False
        return True


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}


def wait_until(condition: Any, patience: float = 10.0) -> None:
    """Wait for a condition, not for a time."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "the condition did not come about"
        time.sleep(0.01)


@contextmanager
def running(kind: str) -> Iterator[Server]:
    """A server of this kind in a folder of its own, with the template there."""
    # not pytest's: a socket's path may be 107 bytes long, and its folders are closed to other users
    folder = Path(tempfile.mkdtemp(prefix="emm-"))
    kinds: dict[str, type[Server]] = {"embedded": Embedded, "debian": Debian}
    prepared.lay(kind, folder, kinds[kind].make)
    server = kinds[kind](folder)
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(folder)
