"""What the screen of every simulated instrument shows is in the record, whatever the weather on the wire."""

from collections.abc import Iterator

import pytest

from tests.journeys.desk import until
from tests.journeys.row import PATIENCE, Record, Row, holds, open_row, places


@pytest.fixture(scope="module")
def row() -> Iterator[tuple[Row, Record]]:
    with open_row() as opened:
        yield opened


@pytest.mark.parametrize("name", [place.name for place in places()])
def test_the_record_holds_what_the_screen_shows(row, name):
    shop, record = row
    until(lambda: shop.state(name) == "connected", PATIENCE)
    before = record.last(name)
    first = shop.print(name, "H-1001")
    told = record.since(name, before, len(first.shown))
    shop.pull_and_put_back(name)
    before = record.last(name)
    second = shop.print(name, "H-1002")

    assert first.shown
    assert len(told) == len(first.shown)
    assert [one for one in first.shown if not any(holds(reading, one) for reading in told)] == []
    again = record.since(name, before, len(second.shown))
    assert [one for one in second.shown if not any(holds(reading, one) for reading in again)] == []
