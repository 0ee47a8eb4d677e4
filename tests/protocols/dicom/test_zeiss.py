"""Zeiss' private group, explicit and implicit, wherever its block stands."""

import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_sequence

from protocols.readings import Image
from tests.protocols.dicom.objects import IMPLICIT, dataset, decoded, notes, zeiss

EXPLICIT = "1.2.840.10008.1.2.1"


def shot(length, noise, at):
    return zeiss({0x0B: ("FD", length), 0x0C: ("FD", noise)}, place=at)


def page(place=0x10, **more):
    """What a page of an IOLMaster 500 holds of one eye."""
    shots = [shot(23.23, 1.9, place), shot(23.42, 7.9, place)]
    lengths = zeiss({0x08: ("CS", "R"), 0x31: ("SQ", shots), 0x43: ("FD", 23.41), 0x44: ("FD", 122.6)}, place=place)
    cornea = zeiss(
        {
            0x08: ("CS", "R"),
            0x16: ("FD", 1.3375),
            0x49: ("FD", 7.94),
            0x4A: ("FD", 42.51),
            0x4B: ("FD", 175.0),
            0x4C: ("FD", 7.71),
            0x4D: ("FD", 43.77),
            0x4E: ("FD", 85.0),
        },
        place=place,
    )
    chamber = zeiss({0x08: ("CS", "R"), 0x0E: ("FD", 3.38)}, place=place)
    used = zeiss(
        {
            0x0B: ("FD", 23.41),
            0x0F: ("FD", 7.93931),
            0x13: ("FD", 85.0),
            0x29: ("FD", 0.0),
            0x5A: ("FD", 11.6462),
            0x5C: ("FD", 0.0),
        },
        place=place,
    )
    choice = zeiss({0x28: ("FD", -1.15), 0x2A: ("FD", 20.0)}, place=place)
    lens = zeiss(
        {0x06: ("LO", "SRK®/T"), 0x07: ("FD", [-0.705, 0.4, 0.1]), 0x05: ("SQ", [choice]), 0x2B: ("FD", 18.6213)},
        place=place,
    )
    formulas = zeiss({0x02: ("SQ", [used]), 0x03: ("SQ", [lens]), 0x08: ("CS", "R")}, place=place)
    top = {0x01: ("SQ", [formulas]), 0x30: ("SQ", [lengths]), 0x32: ("SQ", [cornea]), 0x34: ("SQ", [chamber])}
    return zeiss(top, dataset("7.4", Rows=8, Columns=8, **more), place)


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
@pytest.mark.parametrize("place", [0x10, 0x42])
def test_lengths_and_cornea_of_an_eye(syntax, place):
    image, reading = decoded(page(place), syntax)
    right = reading.right

    assert (type(image), reading.left) == (Image, None)
    assert (str(right.axial_length_mm), str(right.snr), str(right.k_index)) == ("23.41", "122.6", "1.3375")
    assert [(str(one.axial_length_mm), str(one.snr)) for one in right.readings] == [("23.23", "1.9"), ("23.42", "7.9")]
    assert (str(right.k1.radius_mm), str(right.k1.power_d), right.k1.axis) == ("7.94", "42.51", 175)
    assert (str(right.k2.radius_mm), str(right.k2.power_d), right.k2.axis) == ("7.71", "43.77", 85)
    assert (str(right.acd_mm), right.acd_from, str(right.white_to_white_mm)) == ("3.38", "epithelium", "11.6462")
    assert right.lens_thickness_mm is None


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
def test_formulas_are_told_in_words(syntax):
    _, reading = decoded(page(), syntax)
    (formulas,) = reading.extra["iol_calculations"]["formulas"]
    (lens,) = formulas["lenses"]

    assert lens["name"] == "SRK®/T"
    assert lens["constants"] == ["-0.705", "0.4", "0.1"]
    assert lens["choices"] == [{"refraction": "-1.15", "iol_power": "20"}]
    assert lens["emmetropia_iol"] == "18.6213"
    assert formulas["measured"][0]["target_refraction"] == "0"
    assert formulas["measured"][0]["r1_mm"] == "7.9393"
    assert "lens_thickness_mm" not in formulas["measured"][0]


def test_a_block_of_another_creator_is_not_ours():
    found = page()
    found[0x771B, 0x0010].value = "SOMEBODY ELSE"

    (image,) = decoded(found)
    assert "iol_calculations" not in image.extra
    assert [name for name in image.extra if name.startswith("771B,SOMEBODY ELSE")]


def test_a_sequence_in_unknown_bytes_is_opened():
    inner = page()
    raw = Dataset()
    raw.add_new((0x771B, 0x0010), "LO", "99CZM")
    raw.add_new((0x771B, 0x1030), "SQ", [inner[0x771B, 0x1030].value[0]])
    found = dataset("7.4")
    found.add_new((0x771B, 0x0010), "LO", "99CZM")
    found.add_new((0x771B, 0x1030), "UN", implicit_bytes(raw))

    _, reading = decoded(found)
    assert str(reading.right.axial_length_mm) == "23.41"


def implicit_bytes(dataset):
    """The value of the only sequence of a data set, as an implicit writer with known lengths leaves it."""
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = True, True
    write_sequence(buffer, dataset[0x771B, 0x1030], ["utf8"])
    return buffer.getvalue()


def test_a_value_entered_by_hand_is_told():
    found = page()
    zeiss({0x45: ("CS", "YES")}, found[0x771B, 0x1030].value[0])

    assert notes(decoded(found)) == ["entered_by_hand"]


@pytest.mark.parametrize("value", [b"abc", b"1234567"])
def test_bytes_that_are_no_number_are_counted_not_guessed(value):
    found = zeiss({0x1D: ("UN", value)}, dataset("7.4"))

    assert decoded(found)[0].extra["iol_calculations"] in (
        {"white_to_white_mm": "abc"},
        {"white_to_white_mm": "1234567"},
    )


def test_a_report_of_one_eye_gives_its_values_to_that_eye_only():
    cornea = zeiss({0x4A: ("FD", 42.5), 0x4B: ("FD", 175.0), 0x4D: ("FD", 43.75), 0x4E: ("FD", 85.0)})
    values = {
        0x08: ("CS", "L"),
        0x0B: ("FD", 24.01),
        0x30: ("SQ", [zeiss({0x43: ("FD", 24.02)})]),
        0x32: ("SQ", [cornea]),
        0x34: ("SQ", [zeiss({0x0E: ("FD", 3.1)})]),
    }
    _, reading = decoded(zeiss(values, dataset("104.1", DocumentTitle="Report")))
    left = reading.left

    assert reading.right is None
    assert (str(left.axial_length_mm), str(left.k1.power_d), left.k2.axis, str(left.acd_mm)) == (
        "24.02",
        "42.5",
        85,
        "3.1",
    )


def test_a_report_names_its_eye_in_the_block():
    found = zeiss({0x08: ("CS", "L")}, dataset("104.1", DocumentTitle="Report"))

    assert decoded(found)[0].laterality == "left"
