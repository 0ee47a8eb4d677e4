"""The refractive classes keep their readings; what Zeiss adds to keratometry stands beside them."""

from tests.protocols.dicom.objects import dataset, decoded, item, notes, private
from tests.protocols.dicom.test_topography import meridian
from tests.protocols.dicom_refraction.objects import autorefraction

CREATOR = "99CZM_IOLMaster_ExtendedKeratometryMeasurements"


def cornea():
    eye = item(
        FlatKeratometricAxisSequence=meridian(7.94, 42.51, 175.0),
        SteepKeratometricAxisSequence=meridian(7.71, 43.77, 85.0),
    )
    return dataset("78.3", Modality="KER", KeratometryRightEyeSequence=eye)


def test_an_autorefraction_is_one_here_too():
    document, reading = decoded(autorefraction())

    assert document.title == "Autorefraction Measurements"
    assert (str(reading.right.sphere), str(reading.right.cylinder), reading.right.axis) == ("-2.25", "-0.5", 175)
    assert reading.instrument.dialect == "dicom"


def test_keratometry_of_a_biometer():
    _, reading = decoded(cornea())

    assert (str(reading.right.r1.power_d), str(reading.right.r2.radius_mm)) == ("42.51", "7.71")


def test_total_keratometry_stands_beside_it():
    steep = private(item(), 0x1201, CREATOR, {0x13: ("FD", 7.62), 0x14: ("FD", 43.9), 0x15: ("FD", 86.0)})
    total = private(item(), 0x1201, CREATOR, {0x11: ("SQ", [steep])})
    _, reading = decoded(private(cornea(), 0x1201, CREATOR, {0x0F: ("SQ", [total])}))

    assert reading.extra["total_keratometry"] == {
        "total_right": [{"steep": [{"radius_mm": "7.62", "power_d": "43.9", "axis": "86"}]}]
    }


def test_an_object_without_eyes_is_a_document_and_says_so():
    found = decoded(dataset("78.3", Modality="KER"))

    assert (len(found), notes(found)) == (1, ["no_values"])


def test_two_eyes_where_one_belongs_are_a_document_and_say_so():
    odd = cornea()
    odd.KeratometryRightEyeSequence.append(item())

    assert notes(decoded(odd)) == ["unreadable_values"]
