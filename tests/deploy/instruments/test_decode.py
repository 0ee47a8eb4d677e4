"""``emmetra decode``: what it prints where, and how it leaves."""

import json
import re
import uuid
from datetime import UTC, datetime

import pytest

from deploy.cli import main
from tests.protocols.nidek_frame.frames import CORNEA, DAY, MANUAL_LM1000P, NIGHT, REQUEST, summed


@pytest.fixture
def decode(tmp_path, capsys):
    def run(*contents, options=()):
        names = []
        for at, content in enumerate(contents):
            path = tmp_path / f"capture-{at}.bin"
            path.write_bytes(content)
            names.append(str(path))
        code = main(["decode", *names, *options])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_one_json_object_a_line_for_every_reading(decode):
    code, out, err = decode(summed([NIGHT, DAY, CORNEA]))

    assert (code, err) == (0, "")
    kinds = [json.loads(line)["kind"] for line in out.splitlines()]
    assert kinds == ["autorefraction", "autorefraction", "keratometry"]


def test_readings_are_stamped_where_they_are_decoded(decode):
    before = datetime.now(UTC)
    _, out, _ = decode(MANUAL_LM1000P, MANUAL_LM1000P)
    first, second = map(json.loads, out.splitlines())

    assert uuid.UUID(first["reading_id"]).version == 7
    assert first["reading_id"] != second["reading_id"]
    assert abs(datetime.fromisoformat(first["received_at"]) - before).total_seconds() < 60
    assert first["schema"] == "emmetra.reading/1"


def test_pretty_is_the_same_for_people(decode):
    _, out, _ = decode(MANUAL_LM1000P, options=["--pretty"])

    assert json.loads(out)["right"]["add"] == "2.00"
    assert len(out.splitlines()) > 20


def test_a_bad_checksum_prints_what_could_be_read_and_exits_two(decode):
    code, out, _ = decode(MANUAL_LM1000P.replace(b"AR02.00", b"AR02.50"))

    assert code == 2
    assert json.loads(out)["integrity"]["checksum"] == "bad"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no instrument we know speaks like this (byte 0). The file is empty."),
        (b"hello", "nidek_frame"),
        (b"noise" + summed([DAY])[:100], r"broke off at byte 0: These bytes begin no transmission"),
        (summed([DAY])[:100], "broke off at byte 100: The transmission broke off before its EOT."),
        (REQUEST, "no measurement up to byte 9"),
    ],
)
def test_nothing_whole_says_what_was_expected_and_where_it_broke(decode, content, says):
    code, out, err = decode(content)

    assert (code, out) == (1, "")
    assert says in err
    assert len(err.splitlines()) == 1


def test_noise_beside_a_good_frame_is_told_and_forgiven(decode):
    code, out, err = decode(MANUAL_LM1000P + b"noise")

    assert code == 0
    assert len(out.splitlines()) == 1
    assert re.search(r"broke off at byte 125", err)


def test_a_file_that_gives_nothing_outweighs_a_doubtful_one(decode):
    code, out, _ = decode(b"hello", MANUAL_LM1000P.replace(b"AR02.00", b"AR02.50"))

    assert code == 1
    assert len(out.splitlines()) == 1


def test_a_dialect_can_be_named(decode):
    assert decode(MANUAL_LM1000P, options=["--as", "nidek_frame"])[0] == 0
    assert decode(b"hello", options=["--as", "nidek_frame"])[0] == 1


def test_a_dialect_nobody_speaks_is_refused(decode):
    code, out, err = decode(MANUAL_LM1000P, options=["--as", "klingon"])

    assert (code, out) == (1, "")
    assert "known are " in err
    assert " nidek_frame, " in err


def test_a_missing_file_is_told_in_words(tmp_path, capsys):
    assert main(["decode", str(tmp_path / "absent.bin")]) == 1
    assert "No such file" in capsys.readouterr().err


def test_a_folder_is_no_file(tmp_path, capsys):
    assert main(["decode", str(tmp_path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_text_without_control_bytes_is_read_when_it_is_recognisable(decode):
    text = (NIGHT + DAY + CORNEA).translate(None, b"\x01\x02").replace(b"\x17", b"\n")

    code, out, _ = decode(text)

    assert code == 0
    assert len(out.splitlines()) == 3
