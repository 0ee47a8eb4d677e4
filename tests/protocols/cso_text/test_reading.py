"""What can happen to a map."""

import pytest

from firmware_sim.cso_text import example
from protocols import cso_text
from protocols.framing import Garbled, Transmission
from tests.protocols.blanking import assert_only_the_patient_is_gone

MAP = example("EyeTop", ())
NAMED = MAP.replace(b"Paziente : ", "Paziente : Müller 77".encode()).replace(b"Note : ", b"Note : calls Doe")


def read(data):
    (event,) = cso_text.decode(data)
    assert isinstance(event, Transmission), event
    return event.readings[0]


def test_missing_points_are_counted_and_the_date_is_read():
    reading = read(MAP)

    assert reading.extra["map"] == {"rings": 24, "semimeridians": 256, "missing": 40}
    assert reading.measured_at == "2024-02-13T14:07:00"


def test_a_map_that_breaks_off_says_so():
    assert "map_incomplete" in [note.code for note in read(MAP[:-2000]).notes]


@pytest.mark.parametrize(
    "bad",
    [
        MAP[:300],
        MAP.replace(b"K1 =", b"K9 ="),
        MAP.replace(b"Semimeridiani : 256", b"Semimeridiani : x"),
        b"Paziente :",
    ],
)
def test_what_has_no_keratometry_or_no_size_is_refused(bad):
    assert [type(event) for event in cso_text.decode(bad)] == [Garbled]


def test_the_patient_and_the_notes_go():
    without = assert_only_the_patient_is_gone(cso_text, NAMED, "Müller", "Doe")
    assert b"Esame : 2024-02-13 14:07" in without


@pytest.mark.parametrize(("data", "score"), [(MAP, 92), (MAP[:500], 0), (b"", 0), (b"Paziente : x", 0)])
def test_how_sure_the_dialect_is(data, score):
    assert cso_text.recognise(data).score in (score, 15)
