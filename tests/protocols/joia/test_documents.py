"""The document around the measurements: encodings, the heading, what is unknown, and damage."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.joia import Decoder, decode, recognise
from protocols.readings import Autorefraction, Keratometry, PatientRef, Tonometry
from tests.protocols.joia.documents import KM, PATIENT, REF, TM, common, document, measure
from tests.protocols.joia.reading import codes, readings


def test_one_document_may_hold_several_classifications():
    raw = document(REF, KM, TM)
    (event,) = decode(raw)
    assert [type(one) for one in event.readings] == [Autorefraction, Keratometry, Tonometry]
    assert event.raw == raw.rstrip()
    for one in event.readings:
        assert one.integrity.raw_sha256 == hashlib.sha256(event.raw).hexdigest()
        assert (one.instrument.maker, one.instrument.model, one.instrument.firmware) == ("TOPCON", "KR-800S", "1.04.00")
        assert (one.measured_at, one.print_number) == ("2024-02-05T14:07:09", "0042")
        assert one.patient_ref == PatientRef(id="H-1001")
        assert one.extra["MachineNo"] == "01"
        assert one.notes == ()


@pytest.mark.parametrize(
    ("encoding", "codec"), [("UTF-8", "utf-8"), ("Shift-JIS", "cp932"), ("UTF-16", "utf-8"), ("UTF-16", "utf-16-le")]
)
def test_every_encoding_that_was_seen(encoding, codec):
    name = "<nsCommon:NameJ1>検眼</nsCommon:NameJ1>"
    (reading,) = readings(document(REF, head=common(PATIENT + name), encoding=encoding, codec=codec))
    assert reading.extra["Patient/NameJ1"] == "検眼"


def test_another_owner_of_the_namespaces_changes_nothing():
    raw = document(REF, space="http://www.Topcon.or.jp/standardized/namespaces")
    assert readings(raw)[0].right == readings(document(REF))[0].right


@pytest.mark.parametrize(
    ("patient", "ref", "number"),
    [
        ("<nsCommon:No.>0042</nsCommon:No.><nsCommon:ID>0042</nsCommon:ID>", None, "0042"),
        ("<nsCommon:No.>0042</nsCommon:No.><nsCommon:ID/>", None, "0042"),
        ("<nsCommon:No>0042</nsCommon:No><nsCommon:ID>42</nsCommon:ID>", None, "0042"),
        ("<nsCommon:ID>H-1</nsCommon:ID>", PatientRef(id="H-1"), None),
        (
            PATIENT + "<nsCommon:LastName>Doe</nsCommon:LastName><nsCommon:FirstName>Jo</nsCommon:FirstName>"
            "<nsCommon:DOB>1980-02-29</nsCommon:DOB>",
            PatientRef(id="H-1001", name="Doe, Jo", birth_date="1980-02-29"),
            "0042",
        ),
    ],
)
def test_a_running_number_is_never_a_patient(patient, ref, number):
    (reading,) = readings(document(REF, head=common(patient)))
    assert (reading.patient_ref, reading.print_number) == (ref, number)


@pytest.mark.parametrize(
    ("said", "at", "told"),
    [
        ("2024-02-05</nsCommon:Date><nsCommon:Time>14:07:09", "2024-02-05T14:07:09", []),
        ("2024-02-05</nsCommon:Date><nsCommon:Time>14-07-09", "2024-02-05T14:07:09", []),
        ("2013-06-25</nsCommon:Date><nsCommon:Time>17:05:09.656", "2013-06-25T17:05:09.656", []),
        ("2024-02-05</nsCommon:Date><nsCommon:Time>", "2024-02-05", []),
        ("2012-01-01</nsCommon:Date><nsCommon:Time>12:34:56", "2012-01-01T12:34:56", ["clock_implausible"]),
        ("2024-02-30</nsCommon:Date><nsCommon:Time>12:34:56", None, ["clock_implausible"]),
    ],
)
def test_what_the_clock_said(said, at, told):
    head = common().replace("2024-02-05</nsCommon:Date><nsCommon:Time>14:07:09", said)
    (reading,) = readings(document(REF, head=head))
    assert (reading.measured_at, codes(reading)) == (at, told)


def test_what_has_no_key_is_kept_by_its_own_name():
    more = "<Duration>00:00:18</Duration><nsCommon:Operator><nsCommon:ID>op</nsCommon:ID></nsCommon:Operator>"
    (reading,) = readings(document(REF, head=common(more=more)))
    assert (reading.extra["Duration"], reading.extra["Operator"]) == ("00:00:18", {"ID": "op"})
    assert reading.extra["DiopterStep"] == "0.25"


def test_a_classification_nobody_knows_is_kept_beside_those_we_do():
    strange = '<x:Measure xmlns:x="http://a/b/SPM" type="SPM"><x:Cells>2500</x:Cells></x:Measure>'
    (reading,) = readings(document(strange, REF))
    assert reading.extra["Measure/SPM"] == {"@type": "SPM", "Cells": "2500"}
    (event,) = decode(document(strange))
    assert event.why == "The document is whole, but it holds no measurement that we know."


def test_a_misspelt_root_is_read_too():
    raw = document(REF).replace(b"Ophthalmology", b"Ophtalmology")
    assert readings(raw)[0].right.axis == 165


@pytest.mark.parametrize("block", [REF, KM, TM])
def test_a_fragment_without_its_document_is_read_and_says_that_nobody_is_named(block):
    (reading,) = readings(block.encode())
    assert (reading.instrument.model, codes(reading)) == ("unknown", ["instrument_unnamed"])


@pytest.mark.parametrize("size", [1, 13, 4096])
def test_it_does_not_matter_in_what_pieces_they_arrive(size):
    data = document(REF) + document(KM, encoding="Shift-JIS") + document(TM, encoding="UTF-16", codec="utf-16-le")
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]
    assert [*events, *decoder.silence()] == decode(data)
    assert len(events) == 3


GOOD = document(REF, KM, TM)


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 20), st.sampled_from([GOOD, GOOD.decode().encode("utf-16-le")]))
def test_nothing_before_a_good_document_can_cost_it(cut, before):
    last = decode(before[:cut] + document(TM))[-1]
    assert isinstance(last, Transmission)
    assert last.raw == document(TM).rstrip()


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=5), st.integers(0, 9))
def test_no_damage_does_more_than_refuse(at, put, taken):
    events = decode(GOOD[:at] + put + GOOD[at + taken :])
    assert all(isinstance(event, Transmission | Garbled) for event in events)


def test_a_document_that_broke_off_or_is_broken_says_so_and_where():
    (cut,) = decode(GOOD[:900])
    assert "broke off" in cut.why
    (broken,) = decode(GOOD.replace(b"</nsREF:R>", b"</nsREF:L>", 1))
    assert (broken.why, GOOD[broken.offset :][:7]) == ("The XML is not well-formed: mismatched tag.", b"nsREF:R")


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        (GOOD, 95),
        (REF.encode(), 80),
        (GOOD[:900], 30),
        (document(measure("REF", "<REF></REF>")), 30),
        (b"", 0),
        (b"<Data><R/></Data>", 0),
        (b"<Measurement iop_unit='mmHg'/>", 0),
    ],
)
def test_how_sure_the_dialect_is(raw, score):
    assert recognise(raw).score == score
