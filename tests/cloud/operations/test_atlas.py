"""The map, without a page: where dots stand, which become one, what is drawn."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.operations import atlas
from cloud.operations.atlas import HEIGHT, WIDTH, Spot, View, around, dots, outline, project
from deploy import assets

LISBON, PORTO, SHANGHAI = (
    Spot(1, 38.72, -9.14, "good"),
    Spot(2, 41.15, -8.61, "danger"),
    Spot(3, 31.23, 121.47, "good"),
)


@pytest.fixture(scope="module", autouse=True)
def built():
    assets.main()


def test_north_is_up_and_east_is_right():
    view = around([LISBON, PORTO])
    (x, y), (further_x, further_y) = (view.at(*project(one.latitude, one.longitude)) for one in (LISBON, PORTO))
    assert further_x > x
    assert further_y < y


@given(st.lists(st.tuples(st.floats(-79, 79), st.floats(-179, 179)), min_size=1, max_size=30))
def test_every_store_is_in_sight_of_the_map_around_all(places):
    spots = [Spot(number, north, east, "good") for number, (north, east) in enumerate(places)]
    found = dots(spots, around(spots))
    assert sorted(one.id for dot in found for one in dot.spots) == list(range(len(spots)))
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in found)


@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=30),
    st.builds(View, st.floats(-400, 400), st.floats(-400, 400), st.floats(0.12, 400)),
)
def test_nothing_in_sight_is_outside_of_the_degrees_that_are_asked_for(places, view):
    spots = [Spot(number, north, east, "good") for number, (north, east) in enumerate(places)]
    south, west, north, east = view.degrees
    within = [one for one in spots if south <= one.latitude <= north and west <= one.longitude <= east]
    assert dots(within, view) == dots(spots, view)


def test_near_stores_are_one_dot_that_shows_the_worst():
    found = dots([LISBON, PORTO, SHANGHAI], around([LISBON, PORTO, SHANGHAI]))
    assert [(sorted(one.id for one in dot.spots), dot.state) for dot in found] == [([1, 2], "danger"), ([3], "good")]


def test_nearer_they_stand_apart():
    assert [len(dot.spots) for dot in dots([LISBON, PORTO], around([LISBON, PORTO]))] == [1, 1]


def test_without_any_store_it_is_the_whole_world():
    assert around([]).span == 360


def test_the_coast_of_portugal_is_drawn_from_the_package_alone():
    drawn = outline(around([LISBON, PORTO]))
    assert drawn.startswith("M")
    assert re.fullmatch(r"(M-?[\d.]+ -?[\d.]+(L-?[\d.]+ -?[\d.]+)+Z)+", drawn)
    assert len(drawn) < 100_000


def test_every_country_has_rings():
    assert len(atlas.rings()) > 1000
