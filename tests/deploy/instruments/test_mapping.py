"""``emmetra map`` and ``emmetra decode --map``: what a newcomer sees."""

import json

import pytest

from deploy.cli import main
from firmware_sim.mapped_table import ROWS, example, row, table
from protocols.envelope.table_map import as_toml
from protocols.mapped_table import map_of


@pytest.fixture
def run(tmp_path, capsys):
    (tmp_path / "export.csv").write_bytes(example())
    (tmp_path / "broken.csv").write_bytes(table(row(al="x")))
    (tmp_path / "map.toml").write_text(as_toml(map_of(ROWS)))
    (tmp_path / "begun.toml").write_text('[[column]]\nname = "AL"\nkey = "?"\n')

    def told(*words):
        code = main([str(tmp_path / word) if "." in word else word for word in words])
        out, err = capsys.readouterr()
        return code, out, err.replace(f"{tmp_path}/", "")

    return told


def test_a_map_is_begun_from_the_line_of_the_names(run):
    code, out, err = run("map", "export.csv", "--header", "2", "--encoding", "cp1252")

    assert (code, err) == (0, "")
    assert 'name = "AL [mm]"\nkey = "?"\nunit = "mm"' in out


def test_what_a_column_may_hold_is_listed_with_its_unit(run):
    code, out, _ = run("map", "--keys")

    assert code == 0
    assert ["biometry.axial_length_mm", "mm"] in [line.split() for line in out.splitlines()]


def test_bytes_of_another_encoding_want_it_named(run):
    assert run("map", "export.csv", "--header", "2")[::2] == (
        1,
        "emmetra map: export.csv: these bytes are not utf-8; say the encoding, such as --encoding cp1252\n",
    )


def test_the_map_shows_what_it_gives(run):
    code, out, err = run("decode", "--map", "map.toml", "export.csv")
    readings = [json.loads(line) for line in out.splitlines()]

    assert (code, err) == (0, "")
    assert [reading["kind"] for reading in readings] == ["biometry", "biomechanics"] * 2
    assert readings[0]["right"]["axial_length_mm"] == "23.45"


def test_what_does_not_fit_is_told_and_nothing_is_printed(run):
    assert run("decode", "--map", "map.toml", "broken.csv") == (
        1,
        "",
        "emmetra decode: broken.csv: Line 3, column 'AL [mm]': the cell is no number with a decimal comma.\n",
    )


@pytest.mark.parametrize(
    ("name", "why"), [("begun.toml", "is no word of the vocabulary"), ("none.toml", "No such file")]
)
def test_a_map_that_cannot_be_followed_says_so(run, name, why):
    code, out, err = run("decode", "--map", name, "export.csv")

    assert (code, out) == (1, "")
    assert why in err
