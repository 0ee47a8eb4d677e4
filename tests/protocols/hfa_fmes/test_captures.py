"""Two real fields, anonymised, with what their labels say."""

from pathlib import Path

import pytest

from protocols import hfa_fmes
from tests.protocols.blanking import assert_only_the_patient_is_gone

SHARED = Path(__file__).parents[4] / "shared" / "samples" / "imaging"
READ = {
    "hfa-fmes-left-01.fmes": ("left", "2003-06-12T13:14:58", [347521, 125661]),
    "hfa-fmes-right-03.fmes": ("right", "2005-01-31T13:14:58", [340602, 119938]),
}
HERE = pytest.mark.skipif(not SHARED.exists(), reason="the shared samples are not here")


@HERE
@pytest.mark.parametrize("name", READ)
def test_a_real_field(name):
    side, at, sizes = READ[name]
    (event,) = hfa_fmes.decode((SHARED / name).read_bytes())
    field, *pictures = event.readings

    assert getattr(field, side) is not None
    assert (field.measured_at, field.test, field.strategy) == (at, "24-2", "SITA-Standard")
    assert [note.code for note in field.notes] == ["labels_only"]
    assert [one.blob.bytes for one in pictures] == sizes
    assert {(one.laterality, one.blob.media_type, one.modality) for one in pictures} == {(side, "image/gif", "OPV")}


@HERE
@pytest.mark.parametrize("name", READ)
def test_the_patient_goes_from_labels_and_page(name):
    data = (SHARED / name).read_bytes()
    without = assert_only_the_patient_is_gone(hfa_fmes, data, "__OE_PATIENT_ID_12345__")

    page = next(hfa_fmes.pictures(without)).data
    assert not page[20:].strip(b"\0")
