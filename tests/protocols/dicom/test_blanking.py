"""People leave a file in every way it may be written; a document within it goes whole."""

import pytest
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from firmware_sim.dicom import OBJECTS, exported
from protocols.dicom import blank, decode
from protocols.framing import Garbled, Transmission

PEOPLE = (b"Doe", b"Jane", b"4711", b"77001")


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("model", OBJECTS)
def test_nobody_is_left_and_the_file_is_as_long_and_readable(model, syntax):
    said = exported(model, syntax)
    without = blank(said)

    assert [word for word in PEOPLE if word in said]
    assert [word for word in PEOPLE if word in without] == []
    assert (len(without), blank(without)) == (len(said), without)
    assert [type(event) for event in decode(without)] == [Transmission]


def test_a_deflated_file_keeps_its_head_only():
    said = exported("DICOM document", DeflatedExplicitVRLittleEndian)
    without = blank(said)

    assert (len(without), blank(without)) == (len(said), without)
    assert without[:300] == said[:300]
    assert without.endswith(bytes(len(said) - 400))
    assert [type(event) for event in decode(without)] == [Garbled]


def test_big_endian():
    without = blank(exported("DICOM perimeter", ExplicitVRBigEndian))

    assert [word for word in PEOPLE if word in without] == []


@pytest.mark.parametrize("data", [b"", b"nothing", bytes(200)])
def test_what_is_no_file_stays_as_long(data):
    assert len(blank(data)) == len(data)
