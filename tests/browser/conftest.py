from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.looking import CHROMIUM, FLAGS
from tests.browser.serving import served
from tests.cloud.web.shop import make_app

expect.set_options(timeout=20_000)  # pages stand beside three workers on two cores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"))


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    with served(make_app()) as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Not for the session: playwright keeps a loop running in this thread, and tests after these need their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
