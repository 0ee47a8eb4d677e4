"""DICOM objects on the command line: they have no driver, and are read all the same."""

import json

import pytest

from deploy.cli import main
from tests.protocols.dicom.objects import axial, dataset, filed
from tests.protocols.dicom_refraction.objects import autorefraction


@pytest.fixture
def run(tmp_path, capsys):
    def told(verb, raw, *options):
        path = tmp_path / "object.dcm"
        path.write_bytes(raw)
        code = main([verb, str(path), *options])
        out, err = capsys.readouterr()
        return code, out, err

    return told


def test_one_line_for_the_file_and_one_for_what_was_measured(run):
    code, out, err = run("decode", filed(axial()))
    document, biometry = map(json.loads, out.splitlines())

    assert (code, err) == (0, "")
    assert (document["kind"], biometry["kind"]) == ("document", "biometry")
    assert document["blob"]["sha256"] == biometry["integrity"]["raw_sha256"]
    assert biometry["schema"] == "emmetra.reading/1"


def test_a_file_that_breaks_off_gives_nothing_and_says_where(run):
    raw = filed(axial())
    code, out, err = run("decode", raw[:500])

    assert (code, out) == (1, "")
    assert "broke off at byte" in err


def test_a_dialect_may_be_named(run):
    assert run("decode", filed(dataset("77.1.5.1")), "--as", "dicom")[0] == 0


def test_a_picture_is_identified_as_an_object(run):
    code, out, _ = run("identify", filed(dataset("77.1.5.1", Rows=1, Columns=1)))

    assert code == 0
    assert out.splitlines()[0].split()[:2] == ["90", "dicom"]


def test_a_refraction_is_claimed_by_the_room_that_writes_it_too(run):
    _, out, _ = run("identify", filed(autorefraction()))

    assert [line.split()[1] for line in out.splitlines()] == ["dicom_refraction", "dicom"]
