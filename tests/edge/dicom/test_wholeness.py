"""Whether bytes hang together: every object does, and none that is cut anywhere."""

import subprocess
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence

from edge.dicom.storing import MISMATCH, NOT_UNDERSTOOD, Refused, read
from edge.dicom.wholeness import DEFLATED, Broken, check
from tests.edge.dicom.objects import AXIAL, PHOTO, make

EXPLICIT, IMPLICIT, BIG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
JPEG = "1.2.840.10008.1.2.4.50"


def walk(data, syntax=EXPLICIT):
    check(BytesIO(data), len(data), syntax)


def nested(undefined):
    """A data set with sequences in sequences."""
    inner = Dataset()
    inner.CodeValue, inner.CodingSchemeDesignator = "1", "DCM"
    outer = Dataset()
    outer.ConceptNameCodeSequence = Sequence([inner, inner])
    whole = Dataset()
    whole.PatientName = "Zhang^Wei"
    whole.ContentSequence = Sequence([outer, outer])
    whole["ContentSequence"].is_undefined_length = undefined
    for one in whole.ContentSequence:
        one.is_undefined_length_sequence_item = undefined
    whole.StudyComments = "last"
    return whole


def written(whole, syntax):
    file = DicomBytesIO()
    file.is_implicit_VR, file.is_little_endian = syntax == IMPLICIT, syntax != BIG
    write_dataset(file, whole)
    return file.getvalue()


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG])
@pytest.mark.parametrize("undefined", [False, True])
def test_a_data_set_hangs_together_and_no_part_of_one_does(syntax, undefined):
    data = written(nested(undefined), syntax)
    walk(data, syntax)
    ends = [at for at in range(len(data)) if not _is_broken(data[:at], syntax)]
    assert ends[0] == 0, "nothing at all is no damage, only no object"
    assert len(ends) <= 3, "the only whole parts end where an element of the first level does"


def _is_broken(data, syntax):
    try:
        walk(data, syntax)
    except Broken:
        return True
    return False


@given(st.binary(max_size=400), st.sampled_from([EXPLICIT, IMPLICIT, BIG]))
def test_any_bytes_are_whole_or_broken_and_nothing_else(data, syntax):
    assert _is_broken(data, syntax) in (True, False)


def test_sequences_without_end_in_sequences_are_refused():
    begin = b"\x40\x00\x30\xa7SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    with pytest.raises(Broken, match="nested deeper"):
        walk(begin * 5000)


def test_pictures_in_fragments_hang_together(tmp_path):
    make(tmp_path / "plain.dcm", PHOTO, rows=64)
    subprocess.run(["dcmcjpeg", "+eb", tmp_path / "plain.dcm", tmp_path / "jpeg.dcm"], check=True)
    found = dcmread(tmp_path / "jpeg.dcm")
    named = (str(found.SOPClassUID), str(found.SOPInstanceUID))
    assert read(tmp_path / "jpeg.dcm", named, JPEG).uid == named[1]
    whole = (tmp_path / "jpeg.dcm").read_bytes()
    (tmp_path / "jpeg.dcm").write_bytes(whole[:-20])
    with pytest.raises(Refused) as refusal:
        read(tmp_path / "jpeg.dcm", named, JPEG)
    assert refusal.value.status == NOT_UNDERSTOOD


@pytest.mark.parametrize("data", [b"", b"x" * 1000, bytes(128) + b"DICM", bytes(128) + b"DICM" + bytes(500)])
def test_what_is_no_object_is_not_understood(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(Refused) as refusal:
        read(tmp_path / "x", (AXIAL, "1.2.3"), EXPLICIT)
    assert refusal.value.status in (NOT_UNDERSTOOD, MISMATCH)


@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
def test_a_number_that_would_be_a_path_is_no_uid(tmp_path):
    make(tmp_path / "x", uid="1.2.3")
    data = (tmp_path / "x").read_bytes().replace(b"1.2.3\x00", b"../../")
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(Refused) as refusal:
        read(tmp_path / "x", (AXIAL, "../../"), EXPLICIT)
    assert refusal.value.status == MISMATCH


def test_more_deflated_bytes_than_memory_has_room_for_are_not_read(tmp_path, monkeypatch):
    make(tmp_path / "x", uid="1.2.3")
    monkeypatch.setattr("edge.dicom.wholeness.INFLATED_MOST", 100)
    monkeypatch.setattr("edge.dicom.wholeness.Path.read_bytes", lambda _: pytest.fail("read"))
    with pytest.raises(Refused, match="more than this gateway reads") as refusal:
        read(tmp_path / "x", (AXIAL, "1.2.3"), DEFLATED)
    assert refusal.value.status == NOT_UNDERSTOOD
