"""Structured reports: values find their eye, their sector and their unit; the rest is a list."""

import pytest

from protocols.dicom.report import MACULA
from tests.protocols.dicom.objects import code, container, decoded, item, notes, number, report, said, side

RIGHT, LEFT = "24028007", "7771000"


def loinc(value):
    return code(value, "LN", f"LOINC {value}")


def test_the_sectors_of_both_eyes():
    found = report(
        container(side(RIGHT), number("251", "um", loinc("57109-1")), number("320.5", "um", loinc("57110-9"))),
        container(side(LEFT), number("248", "um", loinc("57109-1")), number("8.61", "mm3", loinc("57118-2"))),
    )
    document, reading = decoded(found)

    assert document.title == "Macular Grid Thickness and Volume Report"
    assert {name: str(value) for name, value in reading.right.macula_um.items()} == {
        "center": "251",
        "inner_superior": "320.5",
    }
    assert {name: str(value) for name, value in reading.left.macula_um.items()} == {"center": "248"}
    assert str(reading.left.total_volume_mm3) == "8.61"


def test_nine_sectors_have_the_names_of_the_vocabulary():
    named = {
        "center",
        *(f"{ring}_{part}" for ring in ("inner", "outer") for part in ("superior", "nasal", "inferior", "temporal")),
    }

    assert named <= set(MACULA.values())


def test_millimetres_become_micrometres_and_an_unknown_unit_stays_outside():
    found = report(
        container(side(RIGHT), number("0.251", "mm", loinc("57109-1")), number("9", "[in_i]", loinc("57110-9")))
    )
    _, reading = decoded(found)

    assert {name: str(value) for name, value in reading.right.macula_um.items()} == {"center": "251"}
    assert reading.extra["content"] == [
        {"name": "LOINC 57110-9 (57110-9 LN)", "value": "9 [in_i]", "eye": "right"},
    ]


def test_the_eye_may_stand_in_the_site_of_the_finding():
    site = said(code("363698007", "SCT", "Finding Site"), code("81745001", "SCT", "Eye"))
    site.ContentSequence = [side(LEFT)]
    _, reading = decoded(report(container(site, number("92", "um", code("131264", meaning="RNFL average thickness")))))

    assert (str(reading.left.rnfl_um["average"]), reading.right) == ("92", None)


def test_a_value_of_no_eye_belongs_to_none():
    (document,) = decoded(report(container(number("251", "um", loinc("57109-1")))))

    assert document.extra["content"] == [{"name": "LOINC 57109-1 (57109-1 LN)", "value": "251 um"}]


def test_two_sides_in_one_group_are_no_side():
    (document,) = decoded(report(container(side(RIGHT), side(LEFT), number("251", "um", loinc("57109-1")))))

    assert "eye" not in document.extra["content"][0]


def test_the_eye_of_the_whole_object_is_that_of_its_values():
    found = report(container(number("251", "um", loinc("57109-1"))))
    found.Laterality = "L"
    _, reading = decoded(found)

    assert (str(reading.left.macula_um["center"]), reading.right) == ("251", None)


def test_two_sides_in_one_group_are_no_side_whatever_the_object_says():
    found = report(container(side(RIGHT), side(LEFT), number("251", "um", loinc("57109-1"))))
    found.Laterality = "L"
    (document,) = decoded(found)

    assert "eye" not in document.extra["content"][0]


def pentacam(value):
    return code(value, "99OCULUS", value)


def test_pentacam_names_its_indices_itself():
    found = report(
        container(
            side(RIGHT),
            number("1.35", "1", pentacam("DICOM_BAMD")),
            number("0.00", "1", pentacam("DICOM_BAMF")),
            number("498", "um", pentacam("DICOM_PACHYMIN")),
            number("3.02", "mm", pentacam("DICOM_ACD")),
            number("7.05", "mm", pentacam("DICOM_RSAGMIN")),
        ),
        suffix="88.33",
    )
    readings = decoded(found)
    right = readings[1].right

    assert {name: str(value) for name, value in right.indices.items()} == {
        "BAD-D": "1.35",
        "BAD-Df": "0.00",
        "Rmin": "7.05",
    }
    assert (str(right.thinnest_um), str(right.acd_mm), str(right.kmax_d)) == ("498", "3.02", "47.87")
    assert notes(readings) == ["kmax_converted"]


@pytest.mark.parametrize("history", ["DICOM_BAM", "DICOM_BAH"])
def test_every_code_that_pentacam_is_known_to_write_has_a_place(history):
    words = [*(f"{history}{end}" for end in ("D", "F", "B", "P", "T", "AM")), "DICOM_ARTMAX"]
    words += [f"DICOM_PI{end}" for end in ("AVG", "MIN", "MAX")]
    lengths = [number("11.8", "mm", pentacam("DICOM_CORNEADIA")), number("3.41", "mm", pentacam("DICOM_PUPILDIA"))]
    found = report(container(*(number(f"{at}.5", "1", pentacam(word)) for at, word in enumerate(words)), *lengths))
    found.Laterality = "R"
    document, reading = decoded(found)

    assert sorted(map(str, reading.right.indices.values())) == sorted(f"{at}.5" for at in range(len(words)))
    assert (str(reading.right.white_to_white_mm), str(reading.right.pupil_mm)) == ("11.8", "3.41")
    assert (document.laterality, "content" in reading.extra) == ("right", False)


def test_words_and_codes_of_a_report_are_kept():
    text = item(ValueType="TEXT", ConceptNameCodeSequence=code("121106", meaning="Comment"), TextValue="Blinks often")
    rating = said(code("111693", meaning="Analysis Quality Rating"), code("1", meaning="Good"))
    (document,) = decoded(report(text, rating, suffix="88.22"))

    assert [one["value"] for one in document.extra["content"]] == ["Blinks often", "Good"]


@pytest.mark.parametrize("depth", [30, 200])
def test_a_deep_report_ends(depth):
    inner = number("251", "um", loinc("57109-1"))
    for _ in range(depth):
        inner = container(inner)

    assert len(decoded(report(inner))) == 1
