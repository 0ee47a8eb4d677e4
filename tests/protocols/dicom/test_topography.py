"""Corneal topography maps: the figures beside the picture."""

import pytest

from tests.protocols.dicom.objects import dataset, decoded, item


def meridian(radius, power, axis):
    return item(RadiusOfCurvature=radius, KeratometricPower=power, KeratometricAxis=axis)


def cornea(**more):
    return dataset(
        "82.1",
        **{
            "ImageLaterality": "R",
            "Rows": 200,
            "Columns": 200,
            "PixelSpacing": ["0.05", "0.05"],
            "CornealTopographySurface": "A",
            "FlatKeratometricAxisSequence": meridian(7.94, 42.51, 175.0),
            "SteepKeratometricAxisSequence": meridian(7.71, 43.77, 85.0),
            "MaximumCornealCurvatureSequence": item(MaximumCornealCurvature=47.25),
            "EquivalentPupilRadius": 1.85,
            "CornealISValue": 1.25,
            "SurfaceRegularityIndex": 0.0,
            "CornealEccentricityIndex": 0.45,
        }
        | more,
    )


def test_the_map_is_a_picture_and_its_figures_a_reading():
    image, reading = decoded(cornea())
    right = reading.right

    assert (image.laterality, image.rows, image.extra["pixel_spacing_mm"]) == ("right", 200, ["0.05", "0.05"])
    assert reading.surface == "anterior"
    assert (str(right.k1.power_d), right.k1.axis, str(right.k2.radius_mm), right.k2.axis) == ("42.51", 175, "7.71", 85)
    assert (str(right.kmax_d), str(right.pupil_mm), str(right.eccentricity)) == ("47.25", "3.70", "0.45")
    assert {name: str(value) for name, value in right.indices.items()} == {"IS": "1.25", "SRI": "0"}


def test_a_greatest_curvature_that_is_a_radius_is_not_a_power():
    _, reading = decoded(cornea(MaximumCornealCurvatureSequence=item(MaximumCornealCurvature=6.8)))

    assert reading.right.kmax_d is None
    assert reading.extra["MaximumCornealCurvatureSequence"] == {"MaximumCornealCurvature": "6.8"}


def test_the_points_of_the_map_are_counted_not_listed():
    points = [item(CornealPointLocation=[1.0, 2.0, 3.0], AxialPower=43.0) for _ in range(300)]
    _, reading = decoded(cornea(SourceImageCornealProcessedDataSequence=points))

    assert reading.extra["SourceImageCornealProcessedDataSequence"] == "300 items"
    assert reading.notes == ()


@pytest.mark.parametrize("side", ["B", "", None])
def test_a_map_of_no_one_eye_is_a_picture_only(side):
    (image,) = decoded(cornea(ImageLaterality=side))

    assert image.laterality in (None, "both")
    assert image.extra["CornealISValue"] == "1.25"
