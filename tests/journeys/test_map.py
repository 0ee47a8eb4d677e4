"""A table nobody described, from the folder of exports to the record, by the map beside the gateway's file."""

import pytest

from deploy.demo.store import configure
from firmware_sim.mapped_table import ROWS, example, row, table
from protocols.envelope.table_map import as_toml
from protocols.mapped_table import map_of
from tests.journeys.desk import until

LENGTHS = """
[[instrument]]
name = "lengths"
family = "mapped_table"
map = "lengths.toml"
url = "folder://{folder}?match=*.csv"
lane = "Lane 1"
"""
REFUSED = "SELECT why FROM readings_capture WHERE dev = 'lengths' AND why IS NOT NULL"


@pytest.fixture(scope="module")
def share(desk):
    parts = desk.parts
    parts.children.end("gateway")
    folder = parts.folder / "exports"
    folder.mkdir()
    config = configure(parts.folder, parts.broker_port, parts.console_port)
    config.write_text(config.read_text() + LENGTHS.format(folder=folder))
    (parts.folder / "lengths.toml").write_text(as_toml(map_of(ROWS)))
    parts.children.start("gateway", ["gateway", "run", "--config", str(config)])
    until(lambda: desk.listening("lengths"), 90)
    yield folder
    parts.children.end("gateway")
    desk.parts.gateway()
    until(lambda: desk.listening("ark", "tonoref", "lensmeter", "rt"))


@pytest.mark.edge(
    "EDGE-433", "What a table says by its map is in the record, and each value says who named its column."
)
def test_what_is_exported_is_in_the_record(desk, share):
    (share / "day.csv").write_bytes(example())
    told = desk.arrived(example())

    assert [one["kind"] for one in told] == ["biometry", "biomechanics"] * 2
    assert told[0]["right"] == {"axial_length_mm": "23.45", "cct_um": "545"}
    assert {note["code"] for one in told for note in one["notes"]} == {"by_a_map"}
    assert {one["instrument"]["model"] for one in told} == {"Lengths 3"}
    until(lambda: not (share / "day.csv").exists())


def test_what_does_not_fit_is_kept_with_the_reason(desk, share):
    (share / "wrong.csv").write_bytes(table(row(cct="545")))
    [refused] = until(lambda: desk.rows(REFUSED))

    assert "Line 3, column 'CCT': the cell lies outside of what biometry.cct_um can be" in refused.why
    assert "545" not in refused.why
