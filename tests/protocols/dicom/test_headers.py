"""The headers for whoever asks for them."""

import pytest
from pydicom.filebase import DicomBytesIO

from protocols.dicom import Header, headers, opened
from protocols.dicom.headers import MOST_LINES
from tests.protocols.dicom.objects import IMPLICIT, code, dataset, filed, item, private, zeiss


def lines(found):
    return headers(opened(DicomBytesIO(filed(found))))


def texts(found):
    return {line.keyword or line.tag: line.text for line in lines(found) if line.depth == 0}


def test_every_attribute_is_a_line_and_sequences_are_indented():
    found = lines(dataset("77.1.5.1", AnatomicRegionSequence=code("5665001", "SCT", "Retina")))
    at = next(at for at, line in enumerate(found) if line.keyword == "AnatomicRegionSequence")

    assert found[0].tag == "(0002,0000)"
    assert found[at : at + 3] == [
        Header(0, "(0008,2218)", "AnatomicRegionSequence", "SQ", "1 item"),
        Header(1, "", "", "", "item 1"),
        Header(1, "(0008,0100)", "CodeValue", "SH", "5665001"),
    ]


def test_values_are_told_as_a_person_reads_them():
    found = texts(dataset("104.1", EncapsulatedDocument=b"%PDF" * 100, BurnedInAnnotation=None, Rows=7))

    assert found["EncapsulatedDocument"] == "400 bytes"
    assert found["SoftwareVersions"] == "1.2\\b3"
    assert found["PatientName"] == "Zhang^Wei=张^伟"
    assert (found["BurnedInAnnotation"], found["Rows"]) == ("", "7")


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", IMPLICIT])
def test_a_private_attribute_we_know_is_read_however_it_is_written(syntax):
    found = zeiss({0x43: ("FD", 23.41), 0x06: ("LO", "SRK®/T")}, dataset("7.4"))
    told = headers(opened(DicomBytesIO(filed(found, syntax))))

    assert Header(0, "(771B,1043)", "99CZM mean_axial_length_mm", "FD", "23.41") in told
    assert Header(0, "(771B,1006)", "99CZM name", "LO", "SRK®/T") in told
    assert Header(0, "(771B,0010)", "", "LO", "99CZM") in told


def test_a_private_attribute_nobody_knows_names_its_maker():
    found = private(dataset("7.4"), 0x0099, "SOMEBODY", {0x01: ("LO", "x"), 0x02: ("OB", b"\x00" * 100)})

    assert [(line.keyword, line.text) for line in lines(found) if line.tag.startswith("(0099,10")] == [
        ("SOMEBODY", "x"),
        ("SOMEBODY", "100 bytes"),
    ]


def test_what_cannot_be_decoded_is_a_line_too():
    raw = filed(dataset("77.1.5.1", HorizontalFieldOfView=45.0))
    at = raw.index(b"\x22\x00\x0c\x00FL\x04\x00")
    broken = opened(DicomBytesIO(raw[: at + 6] + b"\x03\x00" + raw[at + 8 : at + 11] + raw[at + 12 :]))

    assert [line for line in headers(broken) if line.tag == "(0022,000C)"] == [
        Header(0, "(0022,000C)", "", "", "cannot be decoded")
    ]


def test_an_endless_object_ends():
    many = dataset("77.1.5.1", AnatomicRegionSequence=[item(CodeValue=f"{at}") for at in range(4000)])

    assert len(lines(many)) == MOST_LINES
