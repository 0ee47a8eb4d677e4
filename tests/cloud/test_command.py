"""``emmetra cloud``: what cannot start says so in one sentence and ends with 2."""

import os
import signal
import socket
import subprocess
import sys

import pytest
from sqlalchemy import text

from cloud import command
from cloud.kernel.database import owner_engine
from deploy import assets
from tests.cloud.servers import wait_until

PROGRAM = "import sys; from deploy.cli import main; sys.exit(main())"
SAID = {"DATABASE_URL": "postgresql://nobody@/none?host=/nowhere", "EMMETRA_SECRET_KEY": "x" * 32}


@pytest.fixture(scope="session", autouse=True)
def built():
    assets.main()


def start(*words, **environment):
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("EMMETRA", "DATABASE"))}
    told = {**plain, **{name: value for name, value in environment.items() if value is not None}}
    return subprocess.Popen([sys.executable, "-c", PROGRAM, "cloud", *words], env=told, stdout=-1, stderr=-1, text=True)


def run(*words, **environment):
    process = start(*words, **environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def taken_port():
    busy = socket.create_server(("127.0.0.1", 0))
    return busy, busy.getsockname()[1]


CANNOT = [
    (("serve",), {**SAID, "DATABASE_URL": None}, "DATABASE_URL is not set"),
    (("serve",), {**SAID, "EMMETRA_SECRET_KEY": None}, "EMMETRA_SECRET_KEY is not set"),
    (("serve",), SAID, "the database does not answer"),
    (("serve",), {**SAID, "DATABASE_URL": "nonsense"}, "DATABASE_URL is not an address of PostgreSQL"),
    (("serve",), {**SAID, "DATABASE_URL": "mysql://h/d"}, "DATABASE_URL is not an address of PostgreSQL"),
    (("ingest",), {**SAID, "DATABASE_URL": None}, "DATABASE_URL is not set"),
    (("ingest",), {**SAID, "DATABASE_URL": "nonsense"}, "DATABASE_URL is not an address of PostgreSQL"),
    (("ingest",), {**SAID, "EMMETRA_BROKER_URL": "http://x"}, "EMMETRA_BROKER_URL is 'http://x'"),
    (("migrate",), {}, "neither DATABASE_OWNER_URL nor DATABASE_URL is set"),
    (("migrate",), SAID, "the database does not answer"),
    (("migrate",), {**SAID, "DATABASE_URL": "nonsense"}, "DATABASE_URL is not an address of PostgreSQL"),
]


# The server is the same to a process, whichever it is; one will do.
pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True)


@pytest.fixture
def main(monkeypatch, capsys):
    """The command in this process: its code and what it said."""
    for name in os.environ:
        if name.startswith(("EMMETRA", "DATABASE")):
            monkeypatch.delenv(name)

    def run(*words, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
        code = command.main(words)
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(("words", "environment", "sentence"), CANNOT)
def test_what_cannot_start_says_why_in_one_sentence(server, main, words, environment, sentence):
    code, out, err = main(*words, **environment)

    assert (code, out) == (2, "")
    assert err.startswith(f"emmetra cloud: {sentence}")
    assert len(err.strip().splitlines()) == 1


def test_it_says_so_as_a_process_too(server):
    code, out, err = run("migrate", **SAID)
    assert (code, out, err.startswith("emmetra cloud: the database does not answer")) == (2, "", True)
    assert len(err.strip().splitlines()) == 1


def serving(server, database, **more):
    return {**SAID, "DATABASE_URL": server.app_url(database), **more}


def test_a_port_that_is_taken_is_named(server, database, main):
    busy, port = taken_port()
    with busy:
        code, _out, err = main("serve", "--bind", f"127.0.0.1:{port}", **serving(server, database))
    assert (code, err.startswith(f"emmetra cloud: cannot listen on 127.0.0.1:{port} (")) == (2, True)


@pytest.mark.parametrize("bind", ["nonsense", "127.0.0.1:99999", "127.0.0.1:", "300.0.0.1:80"])
def test_a_place_to_listen_that_is_none_is_named(server, database, main, bind):
    code, _out, err = main("serve", "--bind", bind, **serving(server, database))
    assert (code, err.startswith(f"emmetra cloud: cannot listen on {bind} (")) == (2, True)


def test_a_file_of_the_demo_that_is_not_there_is_named(server, database, main):
    busy, port = taken_port()
    busy.close()
    demo = {"EMMETRA_DEMO": "/nowhere/accounts.json"}
    code, _out, err = main("serve", "--bind", f"127.0.0.1:{port}", **serving(server, database, **demo))
    assert (code, err.startswith("emmetra cloud: EMMETRA_DEMO names /nowhere/accounts.json")) == (2, True)


def test_a_database_without_the_schema_says_what_to_run(server, main):
    with server.database("emmetra_bare", template="template0") as bare:
        code, _out, err = main("serve", **serving(server, bare))
    assert (code, err) == (2, "emmetra cloud: the database has no schema yet; run: emmetra cloud migrate\n")


def test_ingest_waits_for_a_broker_that_is_away_and_ends_when_told(server, database):
    busy, port = taken_port()
    busy.close()
    process = start("ingest", **serving(server, database, EMMETRA_BROKER_URL=f"mqtt://127.0.0.1:{port}"))
    line = process.stderr.readline()
    assert f"the broker at 127.0.0.1:{port} cannot be used" in line
    process.send_signal(signal.SIGTERM)
    _out, rest = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in rest) == (0, False)


def test_the_pages_are_served_until_told_to_stop(server, database):
    busy, port = taken_port()
    busy.close()
    process = start("serve", "--bind", f"127.0.0.1:{port}", **serving(server, database))
    wait_until(lambda: health(port).endswith(b"ok\n"), 30)
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in err) == (0, False)


def health(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as wire:
            wire.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            return b"".join(iter(lambda: wire.recv(4096), b""))
    except OSError:
        return b""


ACME = {"slug": "acme", "name": "Acme", "store": "main", "zone": "UTC", "email": "o@acme.test"}


def found(main, url, **other):
    words = [word for name, value in {**ACME, **other}.items() for word in (f"--{name}", value)]
    return main("chain", *words, DATABASE_URL=url, EMMETRA_PASSWORD="a long password")


def test_a_chain_is_founded_once_and_whole(server, main):
    with server.database("emmetra_chain") as name:
        url = server.owner_url(name)
        assert found(main, url) == (0, "Acme is founded; o@acme.test may sign in.\n", "")
        for other, why in (
            ({"email": "p@acme.test"}, "there is a chain acme already"),
            ({"slug": "second"}, "o@acme.test has an account already"),
            ({"slug": "Not A Slug"}, "'Not A Slug' is not a name made of a-z"),
            ({"slug": "third", "zone": "Moon/Base"}, "'No time zone found with key Moon/Base'"),
        ):
            code, out, err = found(main, url, **other)
            assert (code, out, err.startswith(f"emmetra cloud: {why}")) == (2, "", True)
        engine = owner_engine(url)
        with engine.connect() as connection:
            assert connection.scalars(text("SELECT slug FROM accounts_chain")).all() == ["acme"]
            assert connection.scalars(text("SELECT role FROM accounts_post")).all() == ["owner"]
        engine.dispose()
