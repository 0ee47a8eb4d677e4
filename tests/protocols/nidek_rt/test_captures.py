"""Captures of real phoropters replay; the expected values were read from the bytes by hand.

The captures are not ours to publish, so they lie outside the repository; without them these tests are left out.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols.framing import Garbled, Transmission
from protocols.nidek_rt import Decoder, decode, recognise
from protocols.readings import Pd, SubjectiveEye, Tonometry, TonometryEye

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"
NUMBERS = (1, 2, 3, 4, 5, 6, 12, 13)
ALL = ["nidek-rt3100-1.bin", *(f"nidek-rt5100-{number}.bin" for number in NUMBERS)]


def capture(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the capture {name} is not on this machine")
    return path.read_bytes()


def replayed(name, day, model="RT-5100"):
    data = capture(name)
    (event,) = decode(data)
    assert isinstance(event, Transmission)
    assert event.raw == data
    for reading in event.readings:
        assert (reading.instrument.maker, reading.instrument.model) == ("NIDEK", model)
        assert (reading.measured_at, reading.patient_ref) == (day, None)
    return event.readings


def eye(sphere, cylinder, axis, add=None, va=None):
    return SubjectiveEye(
        sphere=Decimal(sphere), cylinder=Decimal(cylinder), axis=axis, add=Decimal(add) if add else None, va=va
    )


def stages(readings):
    return [(one.stage, one.distance, one.light) for one in readings]


BOTH_PD = Pd(far=Decimal("64.0"), near=Decimal("59.5"))
FAR_PD = Pd(far=Decimal("64.0"))


def test_a_final_prescription_of_an_rt_3100():
    (final,) = replayed("nidek-rt3100-1.bin", "2002-06-16", "RT-3100")

    assert stages([final]) == [("final", "far", "day")]
    assert final.right == eye("-1.50", "-0.75", 180, "0.75", "0.1")
    assert final.left == eye("-1.50", "-1.50", 175, "1.25", "1.25")
    assert (final.pd, final.working_cm, final.notes) == (FAR_PD, 40, ())


def test_the_first_rt_5100_capture():
    (final,) = replayed("nidek-rt5100-1.bin", "2016-09-07")

    assert final.right == final.left == eye("3.00", "-1.00", 30, "1.50")
    assert (final.pd, final.working_cm) == (BOTH_PD, 35)


def test_the_second_has_autorefraction_subjective_and_final():
    auto, subjective, final = replayed("nidek-rt5100-2.bin", "2016-09-07")

    assert [one.stage for one in (auto, subjective, final)] == ["autorefraction", "subjective", "final"]
    assert auto.right == eye("1.25", "-1.25", 150)
    assert auto.left == eye("1.25", "0.00", 0)
    assert (auto.pd, auto.working_cm) == (FAR_PD, None)
    for one in (subjective, final):
        assert one.right == eye("1.25", "-1.25", 150, "1.50")
        assert one.left == eye("1.25", "0.00", 0, "1.50")
        assert (one.pd, one.working_cm) == (BOTH_PD, 35)
    assert final.extra == {"TT": " 006"}


def test_the_third_has_different_additions():
    auto, subjective, final = replayed("nidek-rt5100-3.bin", "2016-09-07")

    assert auto.left == eye("-2.50", "-5.00", 45)
    assert subjective.right == eye("-2.50", "-3.50", 45, "2.75")
    assert final.left == eye("-2.50", "-5.00", 45, "1.75")


def test_the_fourth_begins_with_an_unaided_acuity():
    unaided, auto, subjective, final = replayed("nidek-rt5100-4.bin", "2016-09-07")

    assert (unaided.stage, unaided.right, unaided.left) == ("unaided", SubjectiveEye(va="0.08"), None)
    assert auto.right == auto.left == eye("-1.25", "-1.25", 155)
    assert subjective.right == eye("-1.00", "-1.50", 150, "1.50", "1.0")
    assert subjective.left == eye("-0.50", "-1.50", 150, "1.50", "1.25")
    assert final.right == eye("-0.75", "-0.75", 150, "1.50")
    assert final.left == eye("-0.25", "-0.75", 150, "1.50")
    assert final.extra == {"TT": " 226"}


def test_the_fifth_is_plano_with_an_addition():
    (final,) = replayed("nidek-rt5100-5.bin", "2016-09-07")

    assert final.right == final.left == eye("0.00", "0.00", 0, "1.50")


def test_the_sixth_has_every_stage_with_acuities_in_both_forms():
    lenses, auto, subjective, final = replayed("nidek-rt5100-6.bin", "2016-08-02")

    assert lenses.stage == "lensmeter"
    assert lenses.right == eye("0.00", "0.00", 0, va="0.1")
    assert lenses.left == eye("0.00", "0.00", 0, va="0.25")
    assert lenses.both == SubjectiveEye(va="0.06")
    assert lenses.pd is None
    assert auto.right == eye("-2.75", "-1.75", 105, va="0.4")
    assert auto.left == eye("-1.25", "-1.50", 140, va="0.63")
    assert auto.both == SubjectiveEye(va="1.0")
    assert subjective.right == eye("-6.75", "-1.75", 50, "0.25", "0.8")
    assert subjective.left == eye("-5.25", "-1.50", 140, "0.25", "0.63")
    assert subjective.both == SubjectiveEye(va="1.25")
    assert final.right == eye("-12.00", "-1.75", 50, "5.50", "1.25")
    assert final.left == eye("-10.50", "-1.50", 140, "5.50", "0.8")
    assert final.both == SubjectiveEye(va="0.8")
    assert [one.notes for one in (lenses, auto, subjective, final)] == [()] * 4


def test_the_twelfth_has_near_powers_split_distances_and_pressures_but_no_end():
    lenses, auto, far, near, pressure = replayed("nidek-rt5100-12.bin", "2016-12-30")

    split = Pd(far=Decimal("57.5"), far_right=Decimal("30.5"), far_left=Decimal("27.0"))
    assert lenses.right == eye("1.50", "-1.25", 15)
    assert lenses.left == eye("2.50", "-1.00", 155)
    assert auto.right == eye("1.25", "-1.75", 170)
    assert auto.left == eye("1.25", "-0.50", 20)
    assert auto.pd == far.pd == split
    assert stages([far, near]) == [("subjective", "far", "day"), ("subjective", "near", "day")]
    assert far.right == eye("-1.50", "-1.00", 40, "3.00", "1.25")
    assert far.left == eye("2.50", "-1.50", 135, "2.75", "0.70")
    assert near.right == eye("1.50", "-1.00", 40)
    assert near.left == eye("5.50", "-1.50", 135)
    assert isinstance(pressure, Tonometry)
    assert pressure.right == TonometryEye(iop_mmhg=Decimal("25.3"))
    assert pressure.left == TonometryEye(iop_mmhg=Decimal("22.1"))
    assert [note.code for note in near.notes] == ["end_missing"]


def test_the_thirteenth_has_no_additions():
    auto, subjective, final = replayed("nidek-rt5100-13.bin", "2016-05-02")

    assert auto.right == auto.left == eye("-2.75", "0.00", 0)
    assert subjective.right == subjective.left == eye("-0.25", "0.00", 0)
    assert final.right == final.left == eye("2.00", "0.00", 0)
    assert (subjective.pd, final.pd, final.working_cm) == (FAR_PD, FAR_PD, 35)
    assert final.extra == {"TT": " 013"}


def test_the_log_with_stamps_of_its_own_is_refused():
    data = capture("nidek-rt5100-2-timed.log")

    assert [type(event) for event in decode(data)] == [Garbled, Garbled]
    assert "logger" in decode(data)[1].why
    assert recognise(data).score == 30


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("size", [1, 8, 21])
def test_captures_replay_in_any_pieces(name, size):
    data = capture(name)
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]

    assert [*events, *decoder.silence()] == decode(data)
