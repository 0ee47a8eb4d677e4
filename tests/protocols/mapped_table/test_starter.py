"""The beginning of a map: every name there is, and nothing guessed."""

import tomllib

import pytest

from firmware_sim.mapped_table import ROWS, example
from protocols.envelope.table_map import TableMap, as_toml
from protocols.mapped_table import BadMap, map_of, starter


def test_it_names_every_column_and_leaves_what_it_means_open():
    begun = tomllib.loads(starter(example(), 2, "cp1252"))

    assert [column["name"] for column in begun["column"]][:3] == ["#", "ID", "Last"]
    assert {column["key"] for column in begun["column"]} == {"?"}
    assert [column.get("unit") for column in begun["column"] if column["name"] == "AL [mm]"] == ["mm"]
    assert (begun["delimiter"], begun["decimal"], begun["header"]) == (";", "?", 2)


def test_it_cannot_be_followed_before_somebody_completed_it():
    with pytest.raises(BadMap):
        map_of(starter(example(), 2, "cp1252"))


@pytest.mark.parametrize(
    ("line", "encoding", "why"), [(9, "cp1252", "line 9 holds no names"), (2, None, "are not utf-8")]
)
def test_what_is_not_there_is_told(line, encoding, why):
    with pytest.raises(ValueError, match=why):
        starter(example(), line, encoding)


def test_a_map_is_the_same_after_it_was_written_as_a_file():
    drawn = map_of(ROWS)
    written = as_toml(drawn)

    assert isinstance(drawn, TableMap)
    assert map_of(written) == drawn
    assert '[[column]]\nname = "AL [mm]"' in written
