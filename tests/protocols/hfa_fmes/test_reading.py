"""What can happen to a field's file."""

import pytest

from firmware_sim.hfa_fmes import exported, page
from protocols import hfa_fmes
from protocols.framing import Garbled, Transmission
from protocols.hfa_fmes.reading import of_file
from protocols.readings import PatientRef, VisualFieldEye
from tests.protocols.blanking import assert_only_the_patient_is_gone


def read(data):
    (event,) = hfa_fmes.decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


@pytest.mark.parametrize(("eye", "side"), [("L", "left"), ("R", "right")])
def test_labels_and_pictures_are_read_and_no_figure(eye, side):
    field, whole, cut = read(exported(eye=eye))

    assert getattr(field, side) == VisualFieldEye()
    assert field.patient_ref == PatientRef(id="H-17")
    assert (whole.view, cut.view, whole.laterality) == ("print-out, page", "print-out, field", side)
    assert whole.blob.bytes == len(page(40, 60))


@pytest.mark.parametrize(("pattern", "test"), [("30-2 Thu", "30-2"), ("Macula", None), ("S S-24-2 Thr", "24-2")])
def test_the_pattern_stays_beside_the_test(pattern, test):
    field = read(exported(pattern=pattern))[0]
    assert (field.test, field.extra["pattern"]) == (test, pattern)


def test_a_picture_of_no_kind_we_know_stays_in_the_file():
    (field,) = read(exported().replace(b"R0lGOD", b"AAAAAA"))
    assert field.test == "24-2"


@pytest.mark.parametrize(
    "bad",
    [exported(eye="?"), exported()[:-5], exported().replace(b"MeasurementVisualFieldHumphrey>", b"Other>"), b"<a/>"],
)
def test_what_is_no_field_is_refused(bad):
    assert [type(event) for event in hfa_fmes.decode(bad)] == [Garbled]


def test_a_picture_taken_out_is_told_by_the_labels(tmp_path):
    about = {"media_type": "image/gif", "sha256": "0" * 64, "bytes": "7", "eye": "left", "part": "page"}
    (told,) = of_file(tmp_path / "gone.gif", about | {"patient_id": "H-17", "measured_at": "2003-06-12T13:14:58"})

    assert (told.laterality, told.view, told.patient_ref.id) == ("left", "print-out, page", "H-17")


def test_the_patient_goes():
    assert_only_the_patient_is_gone(hfa_fmes, exported(patient_id="MUELLER-77"), "MUELLER-77")
