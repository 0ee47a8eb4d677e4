"""What is written for phoropters reads back to the same values; what does not fit is refused."""

from datetime import datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols import nidek_xml
from protocols.joia import decode, import_file, import_files
from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    Instrument,
    Integrity,
    Lensmetry,
    LensmetryEye,
    Pd,
    Prism,
    PrismComponent,
    SubjectiveEye,
    SubjectiveRefraction,
)
from protocols.xml.writing import Unfit

D = Decimal
MOMENT = datetime(2024, 2, 5, 14, 7, 9)
TOP = {
    "instrument": Instrument(maker="TOPCON", model="CL-300", dialect="joia"),
    "integrity": Integrity(checksum="none", raw_sha256="0" * 64),
}
OUT = Prism(
    horizontal=PrismComponent(power=D("1.50"), base="out"), vertical=PrismComponent(power=D("0.25"), base="down")
)
LENS = LensmetryEye(sphere=D("-1.25"), cylinder=D("-0.50"), axis=7, add=D("2.00"), prism=OUT)
SPECTACLES = Lensmetry(**TOP, right=LENS, left=msgspec.structs.replace(LENS, axis=173, add=None), pd=Pd(far=D("62.5")))
EYE = AutorefractionEye(sphere=D("0.75"), cylinder=D("-0.25"), axis=165)
OBJECTIVE = Autorefraction(**TOP, right=EYE, left=EYE, vertex_mm=D("13.75"), pd=Pd(far=D("64"), near=D("61")))
BEHIND = SubjectiveEye(sphere=D("1.00"), cylinder=D("-2.00"), axis=180, va="1.0")
EARLIER = SubjectiveRefraction(
    **TOP, stage="final", distance="far", right=BEHIND, pd=Pd(far_right=D("31"), far_left=D("32"))
)


def written(*readings, patient_id="H-1001"):
    return import_file(readings, patient_id=patient_id, moment=MOMENT)


def back(document):
    (event,) = decode(document)
    return event.readings


def powers(eye):
    return eye.sphere, eye.cylinder, eye.axis


def test_a_cv_5000_gets_objective_data_spectacles_and_the_last_prescription_in_one_file():
    file = written(SPECTACLES, OBJECTIVE, EARLIER)
    objective, far, near, earlier = back(file.document)

    assert file.name == "H-1001_20240205_140709_EMMETRA_1.xml"
    assert file.sent == ("lensmeter", "autorefraction", "previous")
    assert file.document.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="no" ?>')
    assert (objective.right.sphere, objective.left.axis, objective.pd) == (D("0.75"), 165, OBJECTIVE.pd)
    assert objective.vertex_mm == D("13.75")
    assert [(one.stage, one.distance) for one in (far, near, earlier)] == [
        ("lensmeter", "far"),
        ("lensmeter", "near"),
        ("previous", "far"),
    ]
    assert powers(far.right) == powers(LENS)
    assert (far.right.prism, far.left.prism, far.pd) == (OUT, OUT, Pd(far=D("62.5")))
    assert (near.right.sphere, near.left) == (D("0.75"), None)  # -1.25 and 2.00; the left has no addition
    assert (powers(earlier.right), earlier.right.va, earlier.pd) == (powers(BEHIND), "1.0", EARLIER.pd)
    assert far.patient_ref.id == "H-1001"
    assert b"nsLM" not in file.document


def test_a_measured_near_sphere_goes_before_the_sum():
    lens = msgspec.structs.replace(LENS, near_sphere=D("0.50"))
    _, near = back(written(msgspec.structs.replace(SPECTACLES, right=lens)).document)
    assert near.right.sphere == D("0.50")


def test_a_prescription_for_far_and_near_goes_in_as_one_type():
    near = msgspec.structs.replace(EARLIER, distance="near", distance_cm=D(33), right=SubjectiveEye(**power("3.00")))
    far, close = back(written(EARLIER, near).document)
    assert (far.right.sphere, close.right.sphere, close.distance_cm) == (D("1.00"), D("3.00"), D(33))


def power(sphere):
    return {"sphere": D(sphere), "cylinder": D("-2.00"), "axis": 180}


def test_an_rt_6100_gets_a_lensmeter_file_and_an_ark_file_in_utf_16():
    lenses, objective = import_files([OBJECTIVE, SPECTACLES], patient_id="H/1001", moment=MOMENT)

    assert (lenses.name, lenses.sent) == ("LM_H~1001_20240205140709_EMMETRA.xml", ("lensmeter",))
    assert (objective.name, objective.sent) == ("ARK_H~1001_20240205140709_EMMETRA.xml", ("autorefraction",))
    assert all(file.document.startswith(b"\xff\xfe<\0") for file in (lenses, objective))
    (read,) = back(lenses.document)
    assert (read.right, read.left, read.pd) == (SPECTACLES.right, SPECTACLES.left, SPECTACLES.pd)
    assert (read.instrument.model, read.patient_ref.id, read.measured_at) == ("CL-300", "H/1001", "2024-02-05T14:07:09")
    ((event,),) = [nidek_xml.decode(objective.document)]
    assert (event.readings[0].right, event.readings[0].pd) == (EYE, OBJECTIVE.pd)


def test_what_a_phoropter_passed_on_goes_into_an_rt_6100_again():
    passed = SubjectiveRefraction(**TOP, stage="autorefraction", left=BEHIND)
    (file,) = import_files([passed], patient_id="1", moment=MOMENT)
    (event,) = nidek_xml.decode(file.document)
    assert powers(event.readings[0].left) == powers(BEHIND)


SIGNED = Prism(horizontal=PrismComponent(power=D("-0.50")))
SINGLE = Lensmetry(**TOP, single=LENS)
BARE = msgspec.structs.replace(SPECTACLES, right=LensmetryEye(error="X"))


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        ([], "nothing in it that the phoropter takes"),
        ([msgspec.structs.replace(OBJECTIVE, condition="night")], "nothing in it"),
        ([msgspec.structs.replace(EARLIER, stage="subjective")], "nothing in it"),
        ([SPECTACLES, SPECTACLES], "two readings for the lensmeter values: choose one"),
        ([SINGLE], "nobody said whether the lens is right or left"),
        ([BARE], "the right eye has no value to send"),
        ([msgspec.structs.replace(SPECTACLES, right=LensmetryEye(sphere=D(1)))], "lack their cylinder or its axis"),
        (
            [msgspec.structs.replace(SPECTACLES, left=msgspec.structs.replace(LENS, prism=SIGNED))],
            "left eye has no base",
        ),
        ([msgspec.structs.replace(EARLIER, distance="near")], "near only"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(readings, why):
    with pytest.raises(Unfit, match=why):
        written(*readings)


def test_an_earlier_prescription_and_spectacles_have_one_place_in_an_rt_6100():
    with pytest.raises(Unfit, match="two readings for the lensmeter"):
        import_files([SPECTACLES, EARLIER], patient_id="1", moment=MOMENT)


def test_a_prism_of_nothing_needs_no_base():
    nothing = Prism(horizontal=PrismComponent(power=D("-0.00")), vertical=PrismComponent(power=D("0")))
    lens = msgspec.structs.replace(LENS, prism=nothing)
    far, _ = back(written(msgspec.structs.replace(SPECTACLES, right=lens)).document)
    assert far.right.prism is None


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_patient_number_leaves_the_folder_or_breaks_the_document(patient_id):
    try:
        file = written(SPECTACLES, patient_id=patient_id)
    except Unfit:
        return
    assert file.name.isascii()
    assert not set(file.name) & set('/\\:*?"<>|\0') and not file.name.startswith(".")
    assert len(back(file.document)) == 2


step = st.integers(-80, 80).map(lambda quarters: (D(quarters) / 4).quantize(D("0.01")))


@settings(deadline=None)
@given(step, step, st.integers(0, 180), step)
def test_any_values_read_back_as_they_were(sphere, cylinder, axis, add):
    lens = LensmetryEye(sphere=sphere, cylinder=cylinder, axis=axis, add=add)
    far, near = back(written(Lensmetry(**TOP, left=lens)).document)
    assert powers(far.left) == (sphere, cylinder, axis)
    assert near.left.sphere == sphere + add
