"""Where slices lie, out of what a file says of its frames."""

from hypothesis import given
from hypothesis import strategies as some
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from cloud.imaging.deriving import placing

LENGTHS = some.floats(-50, 50, allow_nan=False).map(lambda value: round(value, 3))


def group(corner=None, turned=None):
    found = Dataset()
    if corner is not None:
        place = Dataset()
        place.ImagePositionPatient = list(corner)
        found.PlanePositionSequence = Sequence([place])
    if turned is not None:
        plane = Dataset()
        plane.ImageOrientationPatient = list(turned)
        found.PlaneOrientationSequence = Sequence([plane])
    return found


@given(some.lists(LENGTHS, min_size=1, max_size=20))
def test_planes_above_each_other_are_as_far_apart_as_the_file_says(heights):
    groups = [group((1.0, 2.0, height)) for height in heights]
    assert placing.planes(groups, [group(turned=(1, 0, 0, 0, 1, 0))]) == tuple(heights)


def test_planes_that_are_not_parallel_or_not_said_have_no_positions():
    flat, steep = (1, 0, 0, 0, 1, 0), (1, 0, 0, 0, 0, 1)
    corners = [(0, 0, 0), (0, 0, 1)]
    assert placing.planes([group(one, flat) for one in corners], []) == (0.0, 1.0)
    assert placing.planes([group(corners[0], flat), group(corners[1], steep)], []) is None
    assert placing.planes([group(corners[0], flat), group(turned=flat)], []) is None
    assert placing.planes([group(one) for one in corners], []) is None
    assert placing.planes([group(one, (0, 0, 0, 0, 0, 0)) for one in corners], []) is None
    assert placing.planes([], []) is None


def test_one_frame_of_reference_is_known_again_and_not_told():
    assert placing.reference("1.2.3") == placing.reference("1.2.3")
    assert placing.reference("1.2.3") != placing.reference("1.2.4")
    assert "1.2.3" not in str(placing.reference("1.2.3"))
    assert placing.reference("") is None


def test_lines_side_by_side_are_a_raster_and_turned_ones_are_not():
    assert placing.is_raster([(row, 0.0, row, 10.0) for row in (1.0, 2.0, 4.0)]) is True
    assert placing.is_raster([(0.0, 0.0, 0.0, 10.0), (0.0, 0.0, 10.0, 0.0)]) is False
    assert list(placing.across([(row, 0.0, row, 10.0) for row in (4.0, 1.0)])) == [-4.0, -1.0]
