"""What the screen of every simulated instrument shows is in the record, whatever the weather on the wire."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.journeys.desk import until
from tests.journeys.row import PATIENCE, Record, Row, open_row, places
from tests.witnesses import holds

NAMES = [place.name for place in places()]
AT_ONCE = 12  # a gateway with as many instruments speaking at the same time
Both = tuple[tuple[dict[str, Any], ...], list[dict[str, Any]]]  # the screen and the record
Told = list[Both]


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, "Future[Told]"]]:
    """Of each instrument: what its screen showed and what is in the record, before and after its plug was pulled."""
    with open_row() as (row, record), ThreadPoolExecutor(AT_ONCE) as hands:
        yield {name: hands.submit(pressed_twice, row, record, name) for name in NAMES}


def pressed_twice(row: Row, record: Record, name: str) -> Told:
    until(lambda: row.state(name) == "connected", PATIENCE)
    first = pressed(row, record, name, "H-1001")
    row.pull_and_put_back(name)
    return [first, pressed(row, record, name, "H-1002")]


def pressed(
    row: Row, record: Record, name: str, number: str
) -> tuple[tuple[dict[str, Any], ...], list[dict[str, Any]]]:
    before = record.last(name)
    printed = row.print(name, number)
    return printed.shown, record.since(name, before, len(printed.shown))


@pytest.mark.parametrize("name", NAMES)
def test_the_record_holds_what_the_screen_shows(told, name):
    (first, record), (second, later) = told[name].result(3 * PATIENCE)

    assert first
    assert len(record) == len(first)
    assert [one for one in first if not any(holds(reading, one) for reading in record)] == []
    assert [one for one in second if not any(holds(reading, one) for reading in later)] == []
