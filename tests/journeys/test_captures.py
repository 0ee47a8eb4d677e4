"""What real instruments once said, said again on a wire, is in the record as it was."""

import hashlib
import json
from pathlib import Path

import pytest

from deploy.instruments.decode import main as decode
from tests.journeys.desk import without_identity

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "refraction"
WANTED = {"nidek-ark1a": "ark", "nidek-lm600p": "lensmeter", "nidek-lm1000p": "lensmeter"}
CAPTURES = [(place, path) for stem, place in WANTED.items() for path in sorted(SAMPLES.glob(f"{stem}*.bin"))]


@pytest.mark.skipif(not CAPTURES, reason="the captures ark1a, lm600p and lm1000p are not on this machine")
@pytest.mark.parametrize(("place", "path"), [pytest.param(*one, id=one[1].stem) for one in CAPTURES])
def test_a_capture_is_in_the_record_exactly_as_it_decodes(desk, capsys, place, path):
    said = path.read_bytes()
    desk.bench.say(place, said)
    stored = desk.arrived(said)

    assert decode([str(path)]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [without_identity(one) for one in stored] == [without_identity(one) for one in printed]
    [capture] = desk.rows("SELECT * FROM readings_capture WHERE sha256 = :s", s=hashlib.sha256(said).hexdigest())
    assert bytes(capture.data) == said
    assert {one["integrity"]["raw_sha256"] for one in stored} == {hashlib.sha256(bytes(capture.data)).hexdigest()}
