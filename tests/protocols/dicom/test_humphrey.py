"""Humphrey's private groups beside a printed report."""

from decimal import Decimal

import pytest

from tests.protocols.dicom.objects import IMPLICIT, dataset, decoded, item, notes, private

PRINTED = {
    0x01: "24-2",
    0x02: "SITA-Standard",
    0x03: "III",
    0x04: "White",
    0x06: "36 dB",
    0x08: "18",
    0x09: "0",
    0x10: "1",
    0x13: "0",
    0x16: "-3.21 dB",
    0x17: "P < 2%",
    0x18: "2.05",
    0x23: "Outside Normal Limits",
    0x34: "97%",
}


def printed(side="L", values=PRINTED):
    found = dataset("104.1", DocumentTitle="SFA", ImageLaterality=side)
    return private(found, 0x7717, "99CZM_HFA", {at: ("LO", value) for at, value in values.items()})


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", IMPLICIT])
def test_the_printed_figures_become_values(syntax):
    document, reading = decoded(printed(), syntax)
    left = reading.left

    assert (document.title, document.laterality) == ("SFA", "left")
    assert (reading.test, reading.strategy, left.stimulus) == ("24-2", "SITA-Standard", "III, White")
    assert (str(left.md_db), str(left.psd_db), str(left.vfi_percent), str(left.foveal_db)) == (
        "-3.21",
        "2.05",
        "97",
        "36",
    )
    assert (left.fixation_checks, left.fixation_losses, left.false_negatives_percent) == (18, 0, Decimal(0))
    assert left.ght == "Outside Normal Limits"


def test_a_text_that_says_more_than_its_number_is_kept():
    _, reading = decoded(printed())

    assert reading.left.md_p == Decimal(2)
    assert reading.extra["hfa"] == {"foveal": "36 dB", "md": "-3.21 dB", "md_p": "P < 2%", "vfi": "97%"}


def test_less_than_nothing_is_not_nothing():
    _, reading = decoded(printed(values=PRINTED | {0x06: "<0 dB"}))

    assert reading.left.foveal_db is None
    assert reading.extra["hfa"]["foveal"] == "<0 dB"


def test_sections_without_places_are_kept_as_they_came():
    sections = [private(item(), 0x7717, "99CZM_HFA", {0x41: ("IS", "1"), 0x42: ("IS", "28")})]
    found = printed()
    found.add_new((0x7717, 0x1040), "SQ", sections)

    assert decoded(found)[1].extra["hfa"]["sections"] == [{"section": "1", "value": "28"}]


def test_a_field_of_no_eye_is_a_document_only():
    found = decoded(printed(side=None))

    assert (len(found), notes(found)) == (1, ["no_eye"])
    assert found[0].extra["hfa"]["md"] == "-3.21 dB"


def test_the_raw_group_names_the_test():
    found = private(
        printed(values={0x16: "-1.00"}),
        0x0301,
        "HFA",
        {0x01: ("LO", "SITA-Fast"), 0x02: ("LO", "10-2"), 0x08: ("OB", b"<x/>" + b"\x04" * 96)},
    )
    _, reading = decoded(found)

    assert (reading.test, reading.strategy, str(reading.left.md_db)) == ("10-2", "SITA-Fast", "-1.00")
