"""An authority, and the application that signs with it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from cloud.enrolment import api, authority
from cloud.enrolment.authority import Authority
from cloud.kernel.clock import now


@pytest.fixture
def signing(tmp_path: Path) -> Authority:
    return authority.found(tmp_path / "authority", now())


@pytest.fixture
def cloud(app: Flask, signing: Authority) -> Iterator[Flask]:
    """The application with an authority of its own."""
    before = app.extensions[api.SETTINGS]
    where = {"public_url": "https://cloud.example", "gateway_broker": "mqtts://broker.example:8883"}
    app.extensions[api.SETTINGS] = replace(before, authority=str(signing.folder), **where)
    yield app
    app.extensions[api.SETTINGS] = before
