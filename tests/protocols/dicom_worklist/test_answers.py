"""What a device hears: whose items, every key that was asked for, and the keys without which it drops an item."""

from io import BytesIO

import pytest
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset

from protocols.dicom_worklist import Charset, Station, Unknowable, answers, charset, encodable
from protocols.envelope.worklist import Item, Worklist

BIOMETER = Station(("IOLM700", "ROOM2"), ("OAM",))


def item(number, **changes):
    said = {
        "accession": f"A-{number}",
        "step_id": f"S-{number}",
        "procedure_id": f"P-{number}",
        "study_uid": f"1.2.3.{number}",
        "patient_id": f"PID-{number}",
        "family": "张",
        "given": "伟",
        "latin": "Zhang^Wei",
        "birth_date": "1980-02-03",
        "sex": "M",
        "at": f"2026-11-22T0{number}:15:00Z",
        "modality": "OAM",
        "description": "Biometry",
    }
    return Item(**said | changes)


LIST = Worklist(
    version=1,
    zone="Asia/Shanghai",
    made_at="2026-11-22T00:00:00Z",
    items=[
        item(2),
        item(1, family="O'Brien", given="Ann", latin="", sex="F", station="IOLM700"),
        item(3, modality="OP", station="CAMERA"),
    ],
)


def query(step=(), **keys):
    asked, inner = Dataset(), Dataset()
    for name, value in keys.items():
        setattr(asked, name, value)
    for name, value in dict(step).items():
        setattr(inner, name, value)
    asked.ScheduledProcedureStepSequence = [inner]
    return asked


def found(asked, station=BIOMETER, told=LIST):
    return [one.AccessionNumber for one in answers(asked, told, station)]


def test_everything_a_device_examines_comes_in_the_order_of_the_day():
    assert found(query()) == ["A-1", "A-2"]
    assert found(Dataset()) == ["A-1", "A-2"]
    assert found(query(), Station(("X",))) == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize(
    ("keys", "step", "expected"),
    [
        ({"PatientName": "ZHANG*"}, {}, ["A-2"]),
        ({"PatientName": "张*"}, {}, ["A-2"]),
        ({"PatientName": "o'brien^ann"}, {}, ["A-1"]),
        ({"PatientID": "PID-2"}, {}, ["A-2"]),
        ({"PatientID": "PID-?"}, {}, ["A-1", "A-2"]),
        ({"AccessionNumber": "A-1"}, {}, ["A-1"]),
        ({"RequestedProcedureID": "P-9"}, {}, []),
        ({"StudyInstanceUID": ["1.2.3.1", "1.2.3.9"]}, {}, ["A-1"]),
        ({"PatientBirthDate": "19800203"}, {}, ["A-1", "A-2"]),
        ({"PatientSex": "F"}, {}, ["A-1"]),
        ({"InstitutionName": "Anything"}, {}, ["A-1", "A-2"]),
        ({}, {"ScheduledProcedureStepStartDate": "20261122"}, ["A-1", "A-2"]),
        ({}, {"ScheduledProcedureStepStartDate": "20261123-"}, []),
        ({}, {"ScheduledProcedureStepStartTime": "1000-"}, ["A-2"]),
        ({}, {"ScheduledProcedureStepID": "S-2"}, ["A-2"]),
        ({}, {"Modality": "OAM"}, ["A-1", "A-2"]),
        ({}, {"Modality": "OP"}, ["A-3"]),
        ({}, {"Modality": "OT"}, ["A-1", "A-2"]),
        ({}, {"Modality": ""}, ["A-1", "A-2"]),
        ({}, {"ScheduledStationAETitle": "IOLM700"}, ["A-1", "A-2"]),
        ({}, {"ScheduledStationAETitle": "ROOM2"}, ["A-1", "A-2"]),
        ({}, {"ScheduledStationAETitle": "IOLM*"}, ["A-1", "A-2"]),
        ({}, {"ScheduledStationAETitle": "OTHER"}, []),
        ({}, {"ScheduledStationAETitle": "CAMERA", "Modality": "OP"}, ["A-3"]),
    ],
)
def test_what_a_query_means(keys, step, expected):
    assert found(query(step, **keys)) == expected


def test_an_item_of_another_station_is_not_ours_by_our_own_name():
    told = Worklist(version=1, zone="UTC", made_at="", items=[item(1, station="OTHER")])
    assert found(query({"ScheduledStationAETitle": "IOLM700"}), told=told) == []
    assert found(query({"ScheduledStationAETitle": "OTHER"}), told=told) == ["A-1"]


MANDATORY = ("StudyInstanceUID", "RequestedProcedureID", "RequestedProcedureDescription", "PatientName", "PatientID")
OF_STEP = (
    "ScheduledProcedureStepStartDate",
    "ScheduledProcedureStepStartTime",
    "ScheduledProcedureStepID",
    "ScheduledProcedureStepDescription",
    "ScheduledStationAETitle",
    "Modality",
)


def test_what_devices_drop_an_item_without_is_there_whether_asked_for_or_not():
    for one in answers(Dataset(), LIST, BIOMETER):
        (step,) = one.ScheduledProcedureStepSequence
        assert [name for name in MANDATORY if not one.get(name)] == []
        assert [name for name in OF_STEP if not step.get(name)] == []


def test_everything_asked_for_is_returned_empty_where_nothing_is_known():
    asked = query({"ScheduledProtocolCodeSequence": [], "ScheduledStationName": ""}, OtherPatientIDs="", PatientSize="")
    asked.ReferencedStudySequence = []
    one, *_ = answers(asked, LIST, BIOMETER)
    assert [(name, one.get(name, "absent")) for name in ("OtherPatientIDs", "PatientSize")] == [
        ("OtherPatientIDs", None),
        ("PatientSize", None),
    ]
    assert (list(one.ReferencedStudySequence), one.ScheduledProcedureStepSequence[0].ScheduledStationName) == ([], None)


def test_times_are_the_stores_own():
    one, *_ = answers(Dataset(), LIST, BIOMETER)
    (step,) = one.ScheduledProcedureStepSequence
    assert (step.ScheduledProcedureStepStartDate, step.ScheduledProcedureStepStartTime) == ("20261122", "091500")


def test_the_station_of_an_answer_is_the_one_that_asked():
    (one,) = answers(query({"ScheduledStationAETitle": "ROOM2"}, PatientID="PID-2"), LIST, BIOMETER)
    assert one.ScheduledProcedureStepSequence[0].ScheduledStationAETitle == "ROOM2"
    (one,) = answers(query(PatientID="PID-2"), LIST, BIOMETER)
    assert one.ScheduledProcedureStepSequence[0].ScheduledStationAETitle == "IOLM700"


def name_bytes(one):
    """The name as it goes over the wire."""
    file = BytesIO()
    dcmwrite(file, one, implicit_vr=True, little_endian=True, enforce_file_format=False)
    raw = dcmread(BytesIO(file.getvalue()), force=True).get_item("PatientName")
    return bytes(raw.value)


@pytest.mark.parametrize(
    ("set_up", "asked", "said", "name"),
    [
        (None, None, "ISO_IR 192", bytes.fromhex("5a68616e67 5e 576569 3d e5bca0 5e e4bc9f")),
        (None, "GB18030", "GB18030", bytes.fromhex("5a68616e67 5e 576569 3d d5c5 5e ceb0")),
        ("GBK", "ISO_IR 192", "GBK", bytes.fromhex("5a68616e67 5e 576569 3d d5c5 5e ceb0")),
        (None, "ISO_IR 100", "ISO_IR 100", b"Zhang^Wei"),
        ("ISO_IR 100", "ISO_IR 192", "ISO_IR 100", b"Zhang^Wei"),
        ("ISO_IR 6", None, "ISO_IR 6", b"Zhang^Wei"),
        (None, "NONSENSE", "ISO_IR 192", bytes.fromhex("5a68616e67 5e 576569 3d e5bca0 5e e4bc9f")),
    ],
)
def test_a_name_arrives_whole_or_in_latin_letters_never_as_question_marks(set_up, asked, said, name):
    keys = {"SpecificCharacterSet": asked} if asked else {}
    for _ in range(2):  # a name that was once damaged stays so in pydicom
        (one,) = answers(query(PatientID="PID-2", **keys), LIST, Station(("IOLM700",), (), set_up))
        assert one.SpecificCharacterSet == said
        assert name_bytes(one).strip() == name


def test_chinese_by_escapes_is_written_where_it_was_asked_for():
    (one,) = answers(query(PatientID="PID-2", SpecificCharacterSet=["", "ISO 2022 IR 58"]), LIST, BIOMETER)
    assert b"?" not in name_bytes(one)
    assert list(one.SpecificCharacterSet) == ["", "ISO 2022 IR 58"]


def test_a_name_without_latin_letters_is_the_number_where_the_set_is_too_small():
    told = Worklist(version=1, zone="UTC", made_at="", items=[item(1, latin="", description="眼轴")])
    (one,) = answers(Dataset(), told, Station(("X",), (), "ISO_IR 100"))
    assert (str(one.PatientName), one.RequestedProcedureDescription) == ("PID-1", "OAM")


def test_no_letter_of_a_name_parts_it():
    told = Worklist(version=1, zone="UTC", made_at="", items=[item(1, family="A^B=C\\D", given="", latin="")])
    (one,) = answers(Dataset(), told, Station(("X",)))
    assert str(one.PatientName) == "A B C D"


def test_a_set_nobody_knows_cannot_be_configured():
    with pytest.raises(Unknowable):
        charset("ISO_IR 999")
    assert charset(None, ["ISO_IR 999"]).value == "ISO_IR 192"
    assert not encodable("a\nb", Charset("ISO_IR 192", "utf_8"))
