import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.web.drawing import canvases
from cloud.web.drawing.places import clock_hour, position

CLOCKS = [one for one in canvases().values() if one.place == "clock"]
COORDINATE = st.integers(-1300, 1300).map(lambda thousandths: thousandths / 1000)


def told(code, eye, x, y):
    found = position(canvases()[code], eye, x, y)
    return found.hour, found.zone.code, found.region


@pytest.mark.parametrize(
    ("x", "y", "hour"),
    [(0, 1, 12), (0.5, 0.87, 1), (1, 0, 3), (0.41, -0.2, 4), (0, -1, 6), (-0.41, -0.2, 8), (-1, 0, 9), (-0.1, 0.9, 12)],
)
def test_hours_run_as_on_a_clock(x, y, hour):
    assert clock_hour(x, y) == hour


def test_the_nose_is_to_the_right_of_a_right_eye_and_to_the_left_of_a_left_one():
    assert told("fundus", "R", 0.45, -0.25) == (4, "posterior_pole", "inferonasal")
    assert told("fundus", "L", 0.45, -0.25) == (4, "posterior_pole", "inferotemporal")


def test_at_the_disc_hours_go_round_the_disc():
    assert told("fundus", "R", 0.4, -0.08) == (6, "disc", "inferotemporal")
    assert told("fundus", "L", -0.4, -0.08) == (6, "disc", "inferotemporal")
    assert told("fundus", "R", 0.28, 0.0) == (9, "peripapillary", "superotemporal")


def test_the_middle_has_no_hour():
    assert told("cornea", "R", 0.01, -0.02) == (None, "central", "central")


def test_angle_rings_are_told_from_the_iris_outward():
    found = [told("angle", "R", 0, radius)[1] for radius in (0.3, 0.55, 0.65, 0.75, 0.87, 0.95)]
    assert found == [
        "iris",
        "ciliary_body_band",
        "scleral_spur",
        "trabecular_meshwork",
        "schwalbe_line",
        "cornea",
    ]


def test_lids_are_told_by_thirds():
    assert told("lids", "R", 0.5, 0.6) == (None, "upper_lid", "nasal_third")
    assert told("lids", "L", 0.5, -0.2) == (None, "lower_margin", "temporal_third")


def test_a_section_looks_the_same_way_in_either_eye():
    assert told("lens_section", "R", -0.42, 0.5) == told("lens_section", "L", -0.42, 0.5)
    assert told("lens_section", "L", -0.42, 0.5) == (None, "anterior_capsule", "upper")


@given(st.sampled_from(sorted(canvases())), st.sampled_from("RL"), COORDINATE, COORDINATE)
def test_a_mirror_image_is_told_alike(code, eye, x, y):
    canvas = canvases()[code]
    other = "L" if eye == "R" else "R"
    here = position(canvas, eye, x, y)
    there = position(canvas, other, -x if canvas.mirrors else x, y)

    assert (there.zone, there.region, there.distance) == (here.zone, here.region, here.distance)
    if here.hour is not None:
        assert there.hour == ((12 - here.hour) or 12)


@given(st.sampled_from(CLOCKS), COORDINATE, COORDINATE)
def test_every_point_has_a_zone_and_an_hour_or_is_the_middle(canvas, x, y):
    found = position(canvas, "R", x, y)

    assert found.zone is not None
    assert (found.hour in range(1, 13)) or found.region == "central"
