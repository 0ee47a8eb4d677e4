"""Which instrument, which patient, when, and for which order."""

import pytest

from protocols.dicom import decode
from protocols.readings import Instrument, OrderRef, PatientRef
from tests.protocols.dicom.objects import dataset, decoded, filed, item, notes


def one(**attributes):
    (reading,) = decoded(dataset("77.1.5.1", **attributes))
    return reading


def test_the_instrument_names_itself():
    assert one().instrument == Instrument(
        maker="Maker", model="RX-1", dialect="dicom", serial="S-77", firmware="1.2, b3"
    )


def test_the_patient():
    assert one().patient_ref == PatientRef(id="P-9", name="Zhang^Wei=张^伟", birth_date="1980-01-02")


@pytest.mark.parametrize(
    ("charset", "name"), [("GB18030", "Zhang^Wei=张^伟"), ("GBK", "张^伟"), ("ISO_IR 100", "Müller^Jürgen")]
)
def test_names_in_the_character_set_the_object_says(charset, name):
    assert one(SpecificCharacterSet=charset, PatientName=name).patient_ref.name == name


def test_characters_outside_the_set_are_told():
    raw = filed(dataset("77.1.5.1")).replace("张".encode(), b"\xd5\xc5 ")
    (event,) = decode(raw)

    assert event.readings[0].patient_ref.id == "P-9"
    assert notes(event.readings) == ["characters_lost"]


@pytest.mark.parametrize("charset", ["", "ISO_IR 6"])
def test_letters_without_a_character_set_are_told(charset):
    raw = filed(dataset("77.1.5.1")).replace(b"ISO_IR 192", charset.encode().ljust(10))
    (event,) = decode(raw)

    assert notes(event.readings) == ["characters_undeclared"]


def test_the_moment_of_acquisition_comes_before_that_of_the_report():
    assert one(AcquisitionDateTime="20260304093000.25+0800").measured_at == "2026-03-04T09:30:00.250000+08:00"
    assert one(AcquisitionDate="20260304", AcquisitionTime="0931").measured_at == "2026-03-04T09:31:00"
    assert one().measured_at == "2024-02-05T14:07:59.250000"


def test_the_zone_of_the_object_is_used():
    assert one(TimezoneOffsetFromUTC="+0800").measured_at == "2024-02-05T14:07:59.250000+08:00"


def test_the_study_tells_the_time_when_nothing_else_does():
    only = {"ContentDate": None, "ContentTime": None, "StudyDate": "20260304", "StudyTime": "093000"}

    assert one(**only).measured_at == "2026-03-04T09:30:00"


def test_a_clock_that_cannot_be_right_is_told():
    found = decoded(dataset("77.1.5.1", ContentDate="19990101"))

    assert found[0].measured_at == "1999-01-01T14:07:59.250000"
    assert notes(found) == ["clock_implausible"]


def test_no_time_at_all_is_no_fault():
    assert notes(decoded(dataset("77.1.5.1", ContentDate=None, ContentTime=None))) == []


def test_the_order_is_what_was_copied_from_the_worklist():
    asked = item(RequestedProcedureID="RP-7", ScheduledProcedureStepID="SPS-7")
    reading = one(AccessionNumber="A-12", RequestAttributesSequence=asked)

    assert reading.order == OrderRef(accession="A-12", study_uid="1.2.3.1", procedure_id="RP-7", step_id="SPS-7")


def test_an_order_may_stand_with_the_request_only():
    asked = item(AccessionNumber="A-13", RequestedProcedureID="RP-8")

    assert one(ReferencedRequestSequence=asked).order.accession == "A-13"
