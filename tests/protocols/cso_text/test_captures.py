"""Real maps of a CSO topographer, with the values a person reads in their heads."""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols import cso_text
from protocols.cso_text import Decoder
from protocols.readings import Meridian
from tests.protocols.blanking import assert_only_the_patient_is_gone

SHARED = Path(__file__).parents[4] / "shared" / "samples" / "imaging"
READ = {
    "cso-N01.txt": ("41.46", 177, "41.98", 87, "4", "True"),
    "cso-K01.txt": ("43.67", 121, "52.59", 31, "3", "False"),
    "cso-S01.txt": ("40.94", 11, "44.73", 101, "4", "False"),
}
HERE = pytest.mark.skipif(not SHARED.exists(), reason="the shared samples are not here")


@HERE
@pytest.mark.parametrize("name", READ)
def test_a_real_map(name):
    flat, flat_axis, steep, steep_axis, pupil, true = READ[name]
    (event,) = cso_text.decode((SHARED / name).read_bytes())
    (reading,) = event.readings

    assert (reading.right, reading.left) == (None, None)
    assert reading.unassigned.k1 == Meridian(power_d=Decimal(flat), axis=flat_axis)
    assert reading.unassigned.k2 == Meridian(power_d=Decimal(steep), axis=steep_axis)
    assert reading.unassigned.pupil_mm == Decimal(pupil)
    assert reading.extra["Occhio"] == true
    assert (reading.extra["map"]["rings"], reading.extra["map"]["semimeridians"]) == (24, 256)
    assert [note.code for note in reading.notes] == ["eye_unassigned"]


@HERE
@pytest.mark.parametrize(("true_is", "side"), [("right", "left"), ("left", "right")])
def test_the_eye_is_known_once_somebody_told_what_true_means(true_is, side):
    decoder = Decoder(true_is)
    (event,) = [*decoder.feed((SHARED / "cso-K01.txt").read_bytes()), *decoder.silence()]

    assert getattr(event.readings[0], side).k2.power_d == Decimal("52.59")
    assert event.readings[0].notes == ()


@HERE
@pytest.mark.parametrize("name", READ)
def test_what_was_measured_stays(name):
    without = assert_only_the_patient_is_gone(cso_text, (SHARED / name).read_bytes())
    assert without == (SHARED / name).read_bytes()
