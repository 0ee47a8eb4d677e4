"""Tables as makers write them."""

import hashlib
from collections import Counter

import pytest

from protocols import corvis_csv
from protocols.export import parted
from protocols.export.columns import plain
from protocols.framing import Unread


def test_names_lose_their_colon_and_the_trailing_delimiter_is_no_column():
    table = parted("Last Name:;Exam Eye:;\r\nMüller;Right ;\r\n\r\n".encode("cp1252"))

    assert table.columns == ("Last Name", "Exam Eye")
    assert table.rows == (("Müller", "Right"),)


def test_a_degree_sign_that_was_converted_twice_is_mended():
    assert parted("r4.0 324Â°:;x:\n7,8;1\n".encode()).columns[0] == "r4.0 324°"


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_the_delimiter_is_the_one_the_first_line_has_most_of(mark):
    assert parted(mark.join(["a", "b", "c"]).encode() + b"\n" + mark.join("123").encode()).rows == (("1", "2", "3"),)


def test_a_cell_too_many_is_refused():
    with pytest.raises(Unread):
        parted(b"a;b\n1;2;3\n")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("A1 Time [ms]", ("a1time", "ms")),
        ("A1_TIME", ("a1time", "")),
        ("CCT (µm)", ("cct", "um")),
        ("DA Ratio Max (2mm)", ("daratiomax2mm", "")),
        ("Axis F (flat)", ("axisfflat", "")),
    ],
)
def test_a_name_is_compared_without_its_unit_and_marks(name, known):
    assert plain(name) == known


def test_a_table_is_hashed_once_and_its_columns_are_looked_up_once_however_many_rows(monkeypatch):
    counts = Counter()

    def counted(name, function):
        def count(*args):
            counts[name] += 1
            return function(*args)

        return count

    monkeypatch.setattr("protocols.framing.margin.hashlib.sha256", counted("hashed", hashlib.sha256))
    monkeypatch.setattr("protocols.export.rows.plain", counted("looked up", plain))
    rows = "".join(f"OD;{n / 10};0.{n};0.5;0.5\n" for n in range(10, 60))
    (event,) = corvis_csv.decode(f"Eye;bIOP;SSI;CBI;SP-A1\n{rows}".encode())

    assert len(event.readings) == 50
    assert counts == {"hashed": 1, "looked up": 5}
