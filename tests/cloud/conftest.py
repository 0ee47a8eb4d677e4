"""Two servers, one database on each, and in it two new chains for every test."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cloud.accounts import services as accounts
from cloud.app import create_app
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


@pytest.fixture(scope="session", params=["embedded", pytest.param("debian", marks=pytest.mark.peer)])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "debian" and not DEBIAN.is_dir():
        pytest.skip("PostgreSQL 15 of Debian is not installed here")
    with running(request.param) as found_server:
        yield found_server


@pytest.fixture(scope="session")
def database(server: Server) -> Iterator[str]:
    with server.database("emmetra") as name:
        yield name


@pytest.fixture(scope="session")
def owner(server: Server, database: str) -> Iterator[Engine]:
    engine = owner_engine(server.owner_url(database))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def engine(server: Server, database: str) -> Iterator[Engine]:
    engine = app_engine(server.app_url(database))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def cheap_passwords() -> None:
    """Hashing is meant to be slow; here it need not be."""
    accounts._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._NOBODY = accounts._hasher.hash("nobody's password")


@pytest.fixture
def world(owner: Engine, engine: Engine, cheap_passwords: None) -> World:
    """Chain one with Alice and Bob, and Charlie's chain; new for every test."""
    return found(owner, engine, next(_numbers))


@pytest.fixture(scope="session")
def app(server: Server, database: str) -> Iterator[Flask]:
    assets.main()
    app = create_app(Settings(server.app_url(database), "a secret of the tests", secure_cookies=False))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    yield app
    app.extensions["emmetra.hub"].close()
    app.extensions["emmetra.engine"].dispose()


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
