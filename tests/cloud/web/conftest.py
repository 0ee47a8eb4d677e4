from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deploy import assets
from tests.cloud.web.shop import make_app


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    assets.main()


@pytest.fixture
def app() -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield
