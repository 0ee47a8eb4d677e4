from collections.abc import Iterator

import pytest

from tests.journeys.desk import Desk, open_desk


@pytest.fixture(scope="session")
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk
