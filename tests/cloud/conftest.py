"""Two servers, one database on each, and in it two new chains for every test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cloud.accounts import queries
from cloud.accounts import services as accounts
from cloud.app import create_app
from cloud.blobs import vault
from cloud.kernel.clock import now
from cloud.kernel.database import app_engine, owner_engine
from cloud.kernel.settings import Settings
from deploy import assets
from tests.cloud.people_here import Someone, World, found
from tests.cloud.servers import DEBIAN, Server, running

_numbers = count(1)
# Pages are the same on either server: what the servers may differ in is asked in the tests below them.
ON_ONE_SERVER = ("test_views", "test_who_may_what", "test_pages", "test_paper", "test_posts", "test_reading")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run tests of pages on the embedded server alone."""
    twice = [one for one in items if _is_of_pages(one) and _server(one) == "debian"]
    if twice:
        items[:] = [one for one in items if one not in set(twice)]
        config.hook.pytest_deselected(items=twice)


def _is_of_pages(item: pytest.Item) -> bool:
    return item.path.stem in ON_ONE_SERVER and item.path.is_relative_to(Path(__file__).parent)


def _server(item: pytest.Item) -> str:
    return str(item.callspec.params.get("server", "")) if hasattr(item, "callspec") else ""


class Ground:
    """A server with the database, the engines and the pages that all tests on it share."""

    def __init__(self, kind: str, stack: ExitStack) -> None:
        self._stack = stack
        self.server = stack.enter_context(running(kind))
        self.database = stack.enter_context(self.server.database("emmetra"))
        self.owner = owner_engine(self.server.owner_url(self.database))
        self.engine = app_engine(self.server.app_url(self.database))
        self.settings = self._settings()
        vault.install(self.engine, vault.Vault.of(self.settings))
        stack.callback(self.owner.dispose)
        stack.callback(self.engine.dispose)

    def _settings(self) -> Settings:
        blobs = self._stack.enter_context(TemporaryDirectory(prefix="emm-blobs-"))
        url = self.server.app_url(self.database)
        return Settings(url, "a secret of the tests", secure_cookies=False, blobs=blobs, blob_key="5e" * 32)

    @cached_property
    def app(self) -> Flask:
        assets.main()
        app = create_app(self.settings)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        self._stack.callback(app.extensions["emmetra.engine"].dispose)
        self._stack.callback(app.extensions["emmetra.hub"].close)
        return app


@pytest.fixture(scope="session")
def grounds() -> Iterator[Callable[[str], Ground]]:
    """Each begun when it is first wanted and kept: tests that run file by file change between the servers often."""
    with ExitStack() as stack:
        yield cache(lambda kind: Ground(kind, stack))


@pytest.fixture(scope="session", params=["embedded", pytest.param("debian", marks=pytest.mark.peer)])
def server(request: pytest.FixtureRequest, grounds: Callable[[str], Ground]) -> Server:
    if request.param == "debian" and not DEBIAN.is_dir():
        pytest.skip("PostgreSQL 15 of Debian is not installed here")
    return grounds(request.param).server


@pytest.fixture(scope="session")
def ground(server: Server, grounds: Callable[[str], Ground]) -> Ground:
    return grounds(server.kind)


@pytest.fixture(scope="session")
def database(ground: Ground) -> str:
    return ground.database


@pytest.fixture(scope="session")
def owner(ground: Ground) -> Engine:
    return ground.owner


@pytest.fixture(scope="session")
def engine(ground: Ground) -> Engine:
    return ground.engine


@pytest.fixture(scope="session")
def cheap_passwords() -> None:
    """Hashing is meant to be slow; here it need not be."""
    accounts._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._NOBODY = accounts._hasher.hash("nobody's password")


@pytest.fixture
def world(owner: Engine, engine: Engine, cheap_passwords: None) -> World:
    """Chain one with Alice and Bob, and Charlie's chain; new for every test."""
    return found(owner, engine, next(_numbers))


@pytest.fixture
def no_others_chains(engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds over every chain go over this world's: other tests leave thousands behind."""
    assert {world.one, world.two} <= set(queries.chains(engine))
    monkeypatch.setattr(queries, "chains", lambda _engine: [world.one, world.two])


@pytest.fixture(scope="session")
def app(ground: Ground) -> Flask:
    return ground.app


SignIn = Callable[..., FlaskClient]


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A browser in which this person is signed in; nobody without one."""

    def browser(someone: Someone | None = None, **session: object) -> FlaskClient:
        client = app.test_client()
        if someone is not None:
            with client.session_transaction() as kept:
                began = int(now().timestamp())
                kept.update(tenant_id=someone.tenant_id, staff_id=someone.id, began=began, code_due=False, **session)
        return client

    return browser
