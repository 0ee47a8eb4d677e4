"""INI files of an L80 and a VX100, from the facts, and what can happen to them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import (
    CornealCylinder,
    KeratometryEye,
    Meridian,
    Pd,
    RefractionReading,
    from_json,
    kind,
    to_json,
)
from protocols.visionix import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, fed, wires

AR = """[AR]
sphere_3=-1.2512
cylinder_3=-0.50
axis_3=1.570796
sphere_5=-1.30
cylinder_5=-0.45
axis_5=1.5533
sphere_7=-1.40
cylinder_7=0.000000
axis_7=0.000000
"""
KR = "[KR]\nk1=43.25\nk2=44.10\nk1_axis=12\nk2_axis=102\nsimk_cyl=-0.85\n"
ARK = f"{AR}{KR}[GENERAL]\npd=63.5\n"
WF = "[SPHERE]\nr_3=-1.25\nr_5=-1.30\n[CYLINDER]\nr_3=-0.50\nr_5=-0.45\n[AXIS]\nr_3=3.141593\nr_5=0.087266\n"
TOPO = "[Sim_K]\nK1=7.80\nK2=7.65\nK1_Axis=12.4\nK2_Axis=102.4\nCyl=-0.15\nunmeasured\n"
TOPO += "[TOPO]\nPD=63.5\n[KERATOCONUS]\nKPI=0.12\n"


def read(text, eye="right", encoding="ascii"):
    (event,) = decode(text.encode(encoding), eye)
    assert isinstance(event, Transmission), event
    return event.readings


def codes(reading):
    return {note.code for note in reading.notes}


def zone(sphere, cylinder, axis):
    return RefractionReading(sphere=Decimal(sphere), cylinder=Decimal(cylinder), axis=axis)


@pytest.mark.parametrize(("encoding", "model"), [("ascii", "L80"), ("utf-16", "VX100"), ("utf-16-le", "VX100")])
def test_axes_in_radians_become_degrees_and_stay_beside_as_they_came(encoding, model):
    refraction, cornea = read(ARK, encoding=encoding)

    assert refraction.right.readings == (
        zone("-1.2512", "-0.50", 90),
        zone("-1.30", "-0.45", 89),
        zone("-1.40", "0.000000", 0),
    )
    assert refraction.extra["AR"]["axis_3"] == "1.570796"
    assert codes(refraction) == {"axis_converted", "representative_missing"}
    assert refraction.right.sphere is None
    assert refraction.pd == Pd(far=Decimal("63.5"))
    assert (refraction.instrument.maker, refraction.instrument.model) == ("Visionix", model)
    assert codes(cornea) == set()


def test_axes_of_corneas_are_in_degrees():
    _, cornea = read(ARK, "left")

    assert cornea.left == KeratometryEye(
        r1=Meridian(power_d=Decimal("43.25"), axis=12),
        r2=Meridian(power_d=Decimal("44.10"), axis=102),
        cylinder=CornealCylinder(power_d=Decimal("-0.85")),
    )


def test_a_wavefront_file_is_read():
    (refraction,) = read(WF)

    assert refraction.right.readings == (zone("-1.25", "-0.50", 180), zone("-1.30", "-0.45", 5))
    assert set(refraction.extra) == {"SPHERE", "CYLINDER", "AXIS"}


def test_a_topography_file_is_read_in_millimetres_and_with_keys_without_a_value():
    (cornea,) = read(TOPO)

    assert cornea.right.r1 == Meridian(radius_mm=Decimal("7.80"), axis=12)
    assert cornea.extra["SIM_K"]["k1_axis"] == "12.4"
    assert cornea.extra["KERATOCONUS"] == {"kpi": "0.12"}
    assert codes(cornea) == {"axis_converted"}


def test_without_being_told_the_eye_none_is_made_up():
    refraction, cornea = read(ARK, None)

    assert (refraction.right, refraction.left, cornea.right, cornea.left) == (None,) * 4
    assert codes(refraction) == codes(cornea) == {"eye_unknown"}
    assert (refraction.extra["AR"]["sphere_5"], cornea.extra["KR"]["k2"]) == ("-1.30", "44.10")


def test_a_zone_that_cannot_be_read_does_not_cost_the_others():
    refraction, _ = read(ARK.replace("sphere_7=-1.40", "sphere_7=-1.#IND"))

    assert len(refraction.right.readings) == 2
    assert "unreadable_field" in codes(refraction)
    assert refraction.extra["AR"]["sphere_7"] == "-1.#IND"


@pytest.mark.parametrize("bad", ["k1=18.25", "k1=", "k1=4.3e1", "k1=43.25\nk1_axis=190"])
def test_a_cornea_that_cannot_be_read_does_not_cost_the_refraction(bad):
    (refraction,) = read(ARK.replace("k1=43.25", bad))

    assert refraction.right.readings[0] == zone("-1.2512", "-0.50", 90)
    assert "unreadable_field" in codes(refraction)


def test_an_axis_in_degrees_where_radians_belong_is_refused():
    assert [
        type(event) for event in decode(WF.replace("3.141593", "90").replace("0.087266", "5").encode(), "right")
    ] == [Garbled]


def test_a_zero_of_many_places_can_be_stored():
    (refraction,) = read(WF.replace("r_3=-0.50", "r_3=-0.000000000"))

    assert from_json(to_json(refraction)).right.readings[0].cylinder == 0


def test_meridians_in_another_order_are_kept_and_told():
    _, cornea = read(ARK.replace("k1=43.25", "k1=45.25"))

    assert cornea.right.r1.power_d == Decimal("45.25")
    assert "meridian_order" in codes(cornea)


@pytest.mark.parametrize(
    "bad",
    [
        "[AR]\n",
        "[SPHERE]\nr_3=1\n",
        "[desktop]\nicon=1\n",
        "sphere_3=-1.25\n",
        "1\nDOE#JANE*DOE%JANE\n",
        "[AR]\nsphere_3=x\n",
    ],
)
def test_a_file_of_something_else_is_refused(bad):
    assert [type(event) for event in decode(bad.encode(), "right")] == [Garbled]


def test_half_a_character_of_utf_16_is_refused():
    assert [type(event) for event in decode(b"\xff\xfe[\x00A\xd8", "right")] == [Garbled]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter(size):
    assert fed(Decoder("right"), ARK.encode("utf-16"), size) == decode(ARK.encode("utf-16"), "right")


@settings(deadline=None, max_examples=150)
@given(wires(ARK.encode(), WF.encode("utf-16"), TOPO.encode()))
def test_any_bytes_become_events(wire):
    assert broken(Decoder("left"), wire) == []


@pytest.mark.parametrize(
    ("text", "score"),
    [(ARK, 85), (WF, 85), (TOPO, 85), ("", 0), ("[AR]\n", 0), ("[AXIS]\nr_3=1\n", 0), ("R\nS -1.25\n", 0)],
)
def test_how_sure_the_dialect_is(text, score):
    assert recognise(text.encode()).score == score


def test_kinds_come_as_they_were_measured():
    assert [kind(one) for one in read(ARK)] == ["autorefraction", "keratometry"]
