"""What to notice before a reading is taken over: another patient's, the other eye's, again, or out of line."""

from decimal import Decimal

import pytest
from msgspec import structs

from cloud.clinic.choices import Level
from cloud.clinic.powers import Pair
from cloud.clinic.proposals import gathered
from cloud.clinic.proposals.whose import same_name
from cloud.optics.refraction import read
from cloud.readings.doubts import Doubt
from protocols.readings import (
    AutorefractionEye,
    IopReading,
    Keratometry,
    KeratometryEye,
    Meridian,
    RefractionReading,
    Tonometry,
    TonometryEye,
)
from tests.cloud.clinic.readings_here import behind, chair, made, pressure, proposed, refraction, shown, told
from tests.cloud.clinic.sheets_here import born, eyes, past, sheet

D = Decimal
BEFORE = past(eyes("autorefraction", "-1.00", "-3.00"))


def last(*readings, **known):
    """Code, weight and words of the doubts about the last of these readings."""
    return [(one.code, one.level, one.words) for one in proposed(*readings, **known)[-1].doubts]


def codes(*readings, **known):
    return [code for code, _level, _words in last(*readings, **known)]


TOLD = [
    (told(number="R-2"), "other_number", "The instrument was given record number R-2; this is R-1."),
    (
        told(name="LINDQVIST^PER"),
        "other_name",
        "The instrument was given the name LINDQVIST^PER; this is Okafor Grace.",
    ),
    (
        told(birth="19840327"),
        "other_birth",
        f"The instrument was given the birth date 1984-03-27; this patient was born on {born(30)}.",
    ),
]


@pytest.mark.parametrize(("ref", "code", "words"), TOLD)
def test_an_instrument_that_was_told_of_somebody_else(ref, code, words):
    assert last(refraction("-1.00", patient_ref=ref)) == [(code, Level.REASON, words)]


FINE = [told(number="R-1"), told(name="Grace O."), told(name="OKAFOR"), told(birth=str(born(30))), told(birth="soon")]


@pytest.mark.parametrize("ref", FINE)
def test_an_instrument_that_was_told_of_this_patient(ref):
    assert last(refraction("-1.00", patient_ref=ref)) == []


NAMES = [
    ("ZHANG WEI", ("张", "伟"), True),
    ("张伟", ("张", "伟"), True),
    ("Jang", ("张", "伟"), False),
    ("Okafour", ("Okafor", "Grace"), True),
    ("Smith", ("Okafor", "Grace"), False),
]


@pytest.mark.parametrize(("found", "known", "same"), NAMES)
def test_names_in_any_script_and_nearly_spelled(found, known, same):
    assert same_name(found, known) is same


def pair(right, left):
    return Pair(read(right), read(left))


def test_eyes_that_look_like_a_neighbours():
    """7.00 + 4.50 D from Grace's last, 0.25 + 0.00 from those of Per, who sat in the lane today."""
    strange = refraction("-8.00", "-7.50")
    found = last(strange, pasts=[BEFORE], neighbours={"Lindqvist Per": [pair("-8.25", "-7.50")]})
    words = (
        "Perhaps another patient's: 11.50 D from the nearest refraction of this patient,"
        " 0.25 D from Lindqvist Per, who sat in this lane today."
    )
    assert found[0] == ("other_patient", Level.REASON, words)
    assert "other_patient" not in codes(strange, pasts=[BEFORE], neighbours={"Somebody": [pair("+2.00", "+2.00")]})
    assert "other_patient" not in codes(strange, neighbours={"Lindqvist Per": [pair("-8.25", "-7.50")]})  # no history


def test_neighbours_are_not_asked_about_for_a_likely_reading():
    asked = []
    every = [shown(refraction("-1.25", "-3.00"))]
    gathered(every, sheet(), chair(BEFORE)._replace(neighbours=lambda one: lambda: asked.append(one) or {}))
    assert asked == []


def test_exchanged_eyes_against_the_last_visit():
    """2.25 + 2.00 as given, 0.25 + 0.00 the other way round."""
    found = last(refraction("-3.25", "-1.00"), pasts=[BEFORE])
    words = "Right and left may be exchanged: 4.25 D from 22 May 2026 as given, 0.25 D with the eyes exchanged."
    assert found == [("wrong_eye", Level.REASON, words)]
    assert codes(refraction("-1.00", "-3.25"), pasts=[BEFORE]) == []


def test_exchanged_eyes_against_another_instrument_today():
    other = shown(behind("final", "-1.00", "-4.00", distance="far"), minutes=1, dev="rt")
    found = last(other, shown(refraction("-4.00", "-1.00"), minutes=2))
    words = (
        "Right and left may be exchanged: 6.00 D from Northlight RT-9 today as given, 0.00 D with the eyes exchanged."
    )
    assert found == [("wrong_eye", Level.REASON, words)]


def test_what_was_printed_with_exchanged_eyes_is_exchanged_too():
    """A tonometer that refracts sends everything in one transmission; the pressure itself cannot tell."""
    right = shown(refraction("-1.00", "-4.00"), minutes=1, dev="ark")
    turned = shown(refraction("-4.00", "-1.00", raw="1"), minutes=2)
    words = "The refraction printed with this looks as if right and left were exchanged; then so are these."
    assert last(right, turned, shown(pressure("15", "16", raw="1"), minutes=2)) == [("wrong_eye", Level.REASON, words)]
    assert last(right, turned, shown(pressure("15", "16", raw="2"), minutes=2)) == []


def test_one_eye_measured_twice():
    words = "Both eyes read exactly −1.25/−0.50×090: one eye may have been measured twice."
    assert last(refraction("-1.25/-0.50x90", "-1.25/-0.50x90")) == [("identical", Level.REASON, words)]
    assert last(refraction("-1.25", "-1.25")) == []


def test_the_same_again():
    first = shown(refraction("-1.00", raw="a"), minutes=1)
    bytes_again = shown(refraction("-1.00", raw="a"), minutes=30)
    values_again, later = (shown(refraction("-1.00", raw="b"), minutes=at) for at in (2, 2.5))
    assert last(first, bytes_again) == [("repeat", Level.REASON, "The same transmission came before, at 09:01:00.")]
    words = "The same values came from this instrument 60 seconds earlier."
    assert last(first, values_again) == [("repeat", Level.REASON, words)]
    assert codes(first, later) == []
    assert codes(first, shown(refraction("-1.00", raw="b"), minutes=1.5, dev="ar-2")) == []


def test_what_a_phoropter_passes_on_of_a_cornea_is_told():
    def cornea(radius, **said):
        eye = KeratometryEye(r1=Meridian(radius_mm=D(radius), axis=180), r2=Meridian(radius_mm=D("7.70"), axis=90))
        return made(Keratometry, right=eye, **said)

    own = shown(cornea("7.85"))
    words = "The same values came from Northlight AR-3 at 09:01: this may only have been passed on."
    passed = shown(cornea("7.850", model="RT-9"), minutes=9, dev="rt")
    assert last(own, passed) == [("repeat", Level.REASON, words)]
    assert last(own, shown(cornea("7.84", model="RT-9"), minutes=9, dev="rt")) == []


def test_two_tonometers_may_agree_and_a_phoropter_has_none():
    own = shown(pressure("15", "16"))
    assert last(own, shown(pressure("15", "16", maker="Topcon", model="CT-80"), minutes=3, dev="ct")) == []
    assert codes(own, shown(pressure("15", "16", model="RT-5100"), minutes=9, dev="rt")) == ["repeat", "no_method"]


def test_parts_of_one_transmission_are_no_repeats():
    same = [shown(refraction(power, raw="a"), minutes=1) for power in ("-1.00", "-1.00")]
    assert codes(*same) == []


def test_a_value_away_from_its_own_measurements():
    raw = tuple(RefractionReading(sphere=D(text)) for text in ("-1.00", "-1.75"))
    eye = AutorefractionEye(sphere=D("-1.00"), readings=raw)
    words = "OD: its own measurements lie up to 0.75 D from the value given."
    reading = refraction("-1.00")
    assert last(structs.replace(reading, right=eye)) == [("outlier", Level.REMARK, words)]
    near = structs.replace(eye, readings=raw[:1])
    assert last(structs.replace(reading, right=near)) == []


def test_a_value_away_from_the_last_visit_and_from_another_instrument():
    assert last(refraction("-1.75", "-3.00"), pasts=[BEFORE]) == [
        ("outlier", Level.REMARK, "OD: −1.75 DS, but −1.00 DS on 22 May 2026: 0.75 D apart.")
    ]
    other = shown(refraction("-1.00", "-3.00", model="AR-9"), minutes=1, dev="ar-9")
    assert last(other, shown(refraction("-1.00", "-3.50"), minutes=2)) == [
        ("outlier", Level.REMARK, "OS: −3.50 DS, but −3.00 DS with Northlight AR-9 today: 0.50 D apart.")
    ]


def iop(*puffs, average="16"):
    eye = TonometryEye(iop_mmhg=D(average), readings=tuple(IopReading(iop_mmhg=D(one)) for one in puffs))
    return made(Tonometry, model="NT-530", maker="NIDEK", right=eye)


def test_pressures_out_of_line_are_told_within_one_method():
    assert last(iop("14", "18")) == [("outlier", Level.REMARK, "OD: its own measurements run from 14 to 18 mmHg.")]
    before = past({"iop.1.iop.R": "12", "iop.1.method.N": "non_contact"})
    assert last(iop(), pasts=[before]) == [
        ("outlier", Level.REMARK, "OD: 16 mmHg, but 12 on 22 May 2026 by the same method.")
    ]
    goldmann = past({"iop.1.iop.R": "12", "iop.1.method.N": "goldmann"})
    assert last(iop(), pasts=[goldmann]) == []
    other = shown(pressure("20", model="CT-80", maker="Topcon"), dev="ct")
    assert last(other, shown(iop(), minutes=2)) == [
        ("outlier", Level.REMARK, "OD: 16 mmHg, but 20 with Topcon CT-80 today by the same method.")
    ]


def test_doubts_of_the_readings_room_come_along_and_a_bad_checksum_wants_a_word():
    doubts = [Doubt("clock_ahead", "The clock runs ahead."), Doubt("checksum_bad", "The checksum is wrong.")]
    assert last(shown(refraction("-1.00"), doubts=doubts)) == [
        ("checksum_bad", Level.REASON, "The checksum is wrong."),
        ("clock_ahead", Level.REMARK, "The clock runs ahead."),
    ]


def test_only_what_nothing_weighty_speaks_against_is_taken_at_once():
    first, twice = shown(refraction("-1.00", raw="a")), shown(refraction("-1.00", raw="a"), minutes=9)
    assert [one.at_once for one in proposed(first, twice)] == [True, False]
