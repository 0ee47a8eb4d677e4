"""People leave an object in place, in every syntax and character set; every value stays."""

import pytest

from protocols import dicom_refraction
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients, readings
from tests.protocols.dicom_refraction.objects import BIG, EXPLICIT, IMPLICIT, autorefraction, bare, filed, item

WORDS = ("Zhang", "P-9", "19800102", "Grace", "Lovelace", "A-4711", "Main Street")
PEOPLE = {
    "AccessionNumber": "A-4711",
    "ReferringPhysicianName": "Lovelace^Ada",
    "OperatorsName": "Hopper^Grace",
    "PatientAddress": "12 Main Street",
    "OtherPatientIDsSequence": item(PatientID="A-4711", IssuerOfPatientID="Lovelace"),
    "ImageComments": "seen with Grace",
}


def blanked(data, *words):
    """Without the birth date, which is no date afterwards and is told to be none."""
    without = dicom_refraction.blank(data)
    assert len(without) == len(data)
    assert dicom_refraction.blank(without) == without
    assert not [word for word in words if word.encode() in without]
    for before, after in zip(
        readings(dicom_refraction.decode, data), readings(dicom_refraction.decode, without), strict=True
    ):
        for one in (before, after):
            one["notes"] = [note for note in one.get("notes", ()) if "birth date" not in note["text"]]
            one.get("extra", {}).pop("ImageComments", None)
        assert before == after
    return without


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG])
def test_people_go_in_every_syntax(syntax):
    without = blanked(filed(autorefraction(**PEOPLE), syntax), *WORDS)
    (one,) = patients(dicom_refraction, without)

    assert (one.id, one.birth_date) == ("X-0", None)
    assert one.name.startswith("XXXXX^XXX=")
    assert b"1.2.3.4.5" in without


@pytest.mark.parametrize("implicit", [True, False])
def test_people_go_where_there_is_no_preamble(implicit):
    without = blanked(bare(autorefraction(**PEOPLE), implicit=implicit), *WORDS)

    assert [word for word in WORDS if word.encode() in without] == []


@pytest.mark.parametrize("charset", ["ISO_IR 192", "GB18030", "ISO_IR 100"])
def test_names_go_in_every_character_set(charset):
    name = "M\u00fcller^J\u00e4ne" if charset == "ISO_IR 100" else "Zhang^Wei=\u5f20^\u4f1f"
    codec = {"ISO_IR 192": "utf-8", "GB18030": "gb18030", "ISO_IR 100": "latin-1"}[charset]
    data = filed(autorefraction(SpecificCharacterSet=charset, PatientName=name))

    assert name.encode(codec) in data
    assert not [part for part in name.replace("=", "^").split("^") if part.encode(codec) in blanked(data)]


def test_an_object_without_people_changes_not_a_byte():
    found = autorefraction()
    for keyword in ("PatientName", "PatientID", "PatientBirthDate"):
        setattr(found, keyword, "")
    assert dicom_refraction.blank(filed(found)) == filed(found)


@pytest.mark.parametrize("cut", [40, 90])
def test_an_object_that_broke_off_is_blanked_as_far_as_it_came(cut):
    data = filed(autorefraction(**PEOPLE))
    data = data[: data.index(b"Wei") + cut]
    assert b"Zhang" not in dicom_refraction.blank(data)


def test_two_objects_run_together_are_both_blanked():
    without = blanked(filed(autorefraction(**PEOPLE)) + filed(autorefraction(**PEOPLE), IMPLICIT), *WORDS)

    assert [word for word in WORDS if word.encode() in without] == []


def test_without_a_birth_date_nothing_but_the_patient_differs():
    data = filed(autorefraction(PatientBirthDate="", PatientName="Zhang^Wei"))
    without = assert_only_the_patient_is_gone(dicom_refraction, data, "Zhang", "P-9")

    assert b"Zhang" not in without
