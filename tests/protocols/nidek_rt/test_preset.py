"""What a phoropter is given: the exact bytes, and everything that is refused rather than bent."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.nidek_rt.input import understood
from protocols.nidek_rt import Unsendable, preset
from protocols.readings import from_json

COMMON = {
    "instrument": {"maker": "NIDEK", "model": "x", "dialect": "y"},
    "integrity": {"checksum": "none", "raw_sha256": ""},
}


def reading(kind, **keys):
    return from_json(json.dumps({"kind": kind} | COMMON | keys).encode())


def power(sphere, cylinder, axis, **more):
    return {"sphere": sphere, "cylinder": cylinder, "axis": axis} | more


AUTO = reading(
    "autorefraction",
    condition="day",
    pd={"far": "64"},
    right=power("-2.75", "-1.75", 105),
    left=power("-1.25", "-1.50", 140),
)
LENSES = reading(
    "lensmetry", right=power("-2.50", "-1.50", 100, add="1.50"), left=power("-1.25", "-1.25", 140, add="1.50")
)


def sent(*readings, **options):
    return preset(readings, **options).message


def test_both_as_the_manual_writes_them():
    made = preset([AUTO, LENSES], patient_id="1234")

    assert made.message == (
        b"\x01DRL\x02ID        1234\x17DRM\x02OR-02.75-01.75105\x17OL-01.25-01.50140\x17PD64\x17"
        b"DLM\x02 R-02.50-01.50100\x17 L-01.25-01.25140\x17AR+01.50\x17AL+01.50\x17\x04"
    )
    assert made.sent == ("lensmeter", "autorefraction")


def test_the_lens_block_is_sent_once_and_there_is_one_end():
    message = sent(LENSES)

    assert (message.count(b"DLM"), message.count(b"\x04"), message.count(b"\x01")) == (1, 1, 1)


def test_without_a_patients_number_the_place_stays_blank():
    assert sent(AUTO).startswith(b"\x01DRL\x02ID            \x17DRM")


def test_a_model_without_a_patient_block_gets_none():
    assert sent(AUTO, patient_id="1234", with_id=False).startswith(b"\x01DRM\x02OR")


def test_night_values_have_their_own_block():
    night = reading("autorefraction", condition="night", right=power("-3.00", "-1.75", 105))
    lenses = reading("subjective_refraction", stage="lensmeter", light="night", right=power("0.00", "0.00", 0))

    message = sent(AUTO, night, lenses, with_id=False)
    assert b"\x17Drm\x02OR-03.00-01.75105\x17Dlm\x02 R+00.00+00.00000\x17\x04" in message


@pytest.mark.parametrize("stage", ["lensmeter", "previous", "final"])
def test_an_earlier_prescription_goes_in_as_the_lensmeters(stage):
    made = preset([reading("subjective_refraction", stage=stage, distance="far", right=power("-1.00", "0.00", 0))])

    assert made.message.endswith(b"DLM\x02 R-01.00+00.00000\x17\x04")
    assert made.sent == ("lensmeter",)


def test_the_autorefraction_that_a_phoropter_passed_on_goes_in_as_one():
    made = preset([reading("subjective_refraction", stage="autorefraction", left=power("-1.00", "-0.25", 180))])

    assert made.message.endswith(b"DRM\x02OL-01.00-00.25180\x17\x04")
    assert made.sent == ("autorefraction",)


def test_what_nidek_does_not_take_is_left_out():
    others = [
        reading("subjective_refraction", stage="wavefront", right=power("-9.00", "0.00", 0)),
        reading("subjective_refraction", stage="subjective", right=power("-9.00", "0.00", 0)),
        reading("subjective_refraction", stage="final", distance="near", right=power("-9.00", "0.00", 0)),
        reading("tonometry", right={"iop_mmhg": "17"}),
    ]

    assert preset([AUTO, *others]).message == sent(AUTO)
    with pytest.raises(Unsendable, match="nothing in it that the phoropter takes"):
        preset(others)


def test_values_go_as_they_are_signs_of_zero_and_axis_zero_included():
    lens = reading("lensmetry", right=power("-0.00", "-0.25", 0), left=power("12.5", "1.00", 180))

    assert b" R-00.00-00.25000\x17 L+12.50+01.00180\x17" in sent(lens)


def test_a_sphere_alone_needs_no_axis():
    assert b" R-01.00+00.00000\x17" in sent(reading("lensmetry", right={"sphere": "-1.00", "cylinder": "0.00"}))


def test_prisms_rectangular_and_polar():
    square = {"horizontal": {"power": "1.50", "base": "in"}, "vertical": {"power": "0.00"}}
    lens = reading(
        "lensmetry",
        right=power("0.00", "0.00", 0, prism=square),
        left=power("0.00", "0.00", 0, prism={"power": "2.25", "base_deg": 270}),
    )

    assert sent(lens).endswith(b"\x17PR01.50I\x17PR00.00U\x17PL02.25\x17BL270\x17\x04")


SERIES = [power("-1.00", "-0.50", 10), power("-1.25", "-0.50", 10)]
HALF = {"right": power("-1.00", "-0.50", 10), "pd": {"far": "63.5"}}
NO_BASE = power("0.00", "0.00", 0, prism={"horizontal": {"power": "-1.00"}})


@pytest.mark.parametrize(
    ("kind", "keys", "why"),
    [
        ("autorefraction", {"right": {"readings": SERIES}}, "single readings but no value chosen"),
        ("autorefraction", {"right": power("-1.125", "0.00", 0)}, "finer than the 0.01"),
        ("autorefraction", {"right": power("-100.00", "0.00", 0)}, "out of range"),
        ("autorefraction", {"right": power("-1.00", "-0.50", 181)}, "not between 0 and 180"),
        ("autorefraction", {"right": power("-1.00", "-0.50", -5)}, "not between 0 and 180"),
        ("autorefraction", {"right": {"sphere": "-1.00"}}, "lack their cylinder"),
        ("autorefraction", {"right": {"sphere": "-1.00", "cylinder": "-0.25"}}, "lack their cylinder or its axis"),
        ("autorefraction", {}, "no power of either eye"),
        ("autorefraction", HALF, "not a whole number of millimetres"),
        ("lensmetry", {"single": power("-1.00", "0.00", 0)}, "nobody said whether it is right or left"),
        ("lensmetry", {"right": power("-1.00", "0.00", 0, add="1.125")}, r"\(addition\) of the right eye is finer"),
        ("lensmetry", {"right": NO_BASE}, "has no base"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(kind, keys, why):
    with pytest.raises(Unsendable, match=why):
        preset([reading(kind, **keys)])


def test_two_values_for_one_place_are_refused():
    with pytest.raises(Unsendable, match="two readings for the autorefraction values by day"):
        preset([AUTO, AUTO])


@pytest.mark.parametrize("number", ["1234567890123", "M\u00fcller", "12\x174"])
def test_a_patients_number_that_does_not_fit_is_refused(number):
    with pytest.raises(Unsendable, match="patient's number"):
        preset([AUTO], patient_id=number)


POWERS = st.decimals(-99, 99, places=2).map(str)
EYES = st.builds(power, POWERS, POWERS, st.integers(0, 180))
IDS = st.text("ABC-0123456789", max_size=12)


@settings(deadline=None, max_examples=100)
@given(EYES, st.one_of(st.none(), EYES), POWERS, st.integers(40, 80), IDS)
def test_what_was_sent_reads_back_value_for_value(right, left, add, pd, patient_id):
    both = {"right": right} | ({"left": left} if left else {})
    auto = reading("autorefraction", pd={"far": str(pd)}, **both)
    lens = reading("lensmetry", right=right | {"add": add})

    found = understood(sent(auto, lens, patient_id=patient_id))

    assert found["patient"] == patient_id
    assert found["IN+AR"] == {**{side: shown(eye) for side, eye in both.items()}, "pd": pd}
    assert found["IN+LM"] == {"right": shown(right) | {"add": str(Decimal(add))}}


def shown(eye):
    return {"sphere": str(Decimal(eye["sphere"])), "cylinder": str(Decimal(eye["cylinder"])), "axis": eye["axis"]}
