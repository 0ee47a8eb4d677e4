"""Every capture in this folder is a test: what `emmetra decode --expect FILE` wrote beside it, read by a person.

Nothing here is edited to add one: drop FILE.cap or FILE.bin and FILE.*.expected.json.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.instruments.dialects import recording
from deploy.instruments.expectation import beside, expected

HERE = Path(__file__).parent
OURS = {".py", ".json", ".md", ".pyc"}
CAPTURES = sorted(path for path in HERE.iterdir() if path.is_file() and path.suffix not in OURS)
PATIENT = {"id", "name", "first_name", "last_name", "birth_date"}


def patients(value) -> Iterator[str]:
    """Every text that stands for a patient."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "patient_ref":
                yield from (str(text) for name, text in one.items() if name in PATIENT)
            else:
                yield from patients(one)
    elif isinstance(value, list):
        for one in value:
            yield from patients(one)


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.name)
def test_a_capture_gives_what_a_person_read_in_it(capture):
    assert beside(capture).is_file(), f"run: emmetra decode --expect {capture.name}, then read what it wrote"
    assert expected(recording(str(capture))) == json.loads(beside(capture).read_text("utf-8"))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.name)
def test_no_capture_names_a_patient(capture):
    named = [text for text in patients(expected(recording(str(capture)))) if set(text) - set("X0 -./^")]
    assert named == [], "run: emmetra blank FILE -o FILE"


@pytest.mark.parametrize("path", sorted(HERE.glob("*.expected.json")), ids=lambda path: path.name)
def test_every_expectation_has_its_capture(path):
    assert path.with_name(path.name.removesuffix(".expected.json")) in CAPTURES


def test_a_patient_would_be_seen():
    told = {"readings": [{"patient_ref": {"id": "4711"}, "instrument": {"model": "ARK"}}]}
    assert list(patients(told)) == ["4711"]
