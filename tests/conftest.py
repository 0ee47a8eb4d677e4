"""What the whole run has in common: what is made once for it, and who of its workers gets which tests next."""

from typing import Any

import pytest

from tests import prepared
from tests.dealing import Dealer


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        prepared.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        prepared.end()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Dealer | None:
    return Dealer(config, log) if config.getoption("dist") == "loadfile" else None
