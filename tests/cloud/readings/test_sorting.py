"""One bad row never holds up its neighbours, and none of them is tried for ever."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.kernel.clock import now
from cloud.readings.parcels import CAPTURE, READING, Parcel, Sender
from cloud.readings.sorting import sort_results
from protocols.envelope import Address
from tests.cloud.people_here import Place
from tests.cloud.readings.parcels_here import Outbox

PIER = Place(2, "pier", Sender(1, 2, 3), Address("one", "pier", "gw-1"))


def bodies(**said: Any) -> Any:
    return lambda outbox: outbox.reading().saying(**said)


def items(**said: Any) -> Any:
    return lambda outbox: outbox.reading().but(**said)


def captures(**said: Any) -> Any:
    return lambda outbox: outbox.capture().saying(**said)


BAD = {
    "an unknown kind of reading": (bodies(kind="palmistry"), "Invalid value - at `$.kind`"),
    "a kind that would break the line": (bodies(kind="a\x00\x1f\x1e"), "Invalid value - at `$.kind`"),
    "no instrument": (bodies(instrument=None), "Expected `object`, got `null` - at `$.instrument`"),
    "a number nobody can read": (bodies(right={"sphere": "1E+9"}), "a number is not a plain decimal"),
    "no identity": (bodies(reading_id=None), "the reading carries no reading_id or no schema"),
    "an empty identity": (bodies(reading_id=""), "reading_id is no UUID"),
    "an identity that is none": (bodies(reading_id="R-1\x00"), "reading_id is no UUID"),
    "no schema": (bodies(schema=None), "the reading carries no reading_id or no schema"),
    "a record number with NUL": (bodies(patient_ref={"id": "R\x00-1"}), "a name holds a control character"),
    "a record number with a separator": (bodies(patient_ref={"id": "R\x1f1"}), "a name holds a control character"),
    "a device name with a separator": (items(dev="ar\x1e1"), "a name holds a control character"),
    "no device name": (items(dev=""), "a name is empty"),
    "no boot": (items(boot=""), "a name is empty"),
    "a driver with a control character": (items(drv="a\n"), "a name holds a control character"),
    "a time that is none": (items(ts_gw="yesterday"), "Invalid isoformat string"),
    "a time without end": (items(ts_gw="infinity"), "Invalid isoformat string"),
    "a time without zone": (items(ts_gw="2026-11-21T10:00:00"), "ts_gw is no moment"),
    "a time before all others": (items(ts_gw="0001-01-01T00:00:00+14:00"), "ts_gw is no moment"),
    "a time after all others": (items(ts_gw="9999-12-31T23:59:59-14:00"), "ts_gw is no moment"),
    "an unsure time without zone": (items(ts_gw="2026-11-21T10:00:00", clk={"state": "coarse"}), "ts_gw is no moment"),
    "an unknown clock": (items(clk={"state": "gps"}), "Invalid enum value - at `$.clk.state`"),
    "an unknown kind of row": (items(kind="video"), "Invalid enum value - at `$.kind`"),
    "a clock without mono": (items(mono_ns=-1), "Expected `int` >= 0 - at `$.mono_ns`"),
    "a body that is a list": (items(body=[1]), "Expected `object`, got `array`"),
    "bytes without their digest": (captures(sha256="0" * 64), "do not have the digest it names"),
    "bytes that are no base64": (captures(data="!"), "Invalid base64 encoded string - at `$.data`"),
    "a capture without dialect": (captures(dialect=""), "a name is empty"),
    "a blob that no digest names": (captures(data="", media_type="image/jpeg", sha256="../x"), "named by no digest"),
    "a capture with an unprintable why": (captures(why="\x00"), "a name holds a control character"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_buried_alone_and_its_number_is_settled(name):
    make, why = BAD[name]
    outbox = Outbox(PIER)
    before, bad, after = outbox.reading(), make(outbox), outbox.capture()
    parcel = sort_results(PIER.sender, outbox.batch(before, bad, after), now())

    assert [row.seq for row in parcel.readings] == [1]
    assert [row.seq for row in parcel.captures] == [3]
    assert [(dead.epoch, dead.seq) for dead in parcel.dead] == [(outbox.epoch, 2)]
    assert why in parcel.dead[0].reason
    assert json.loads(parcel.dead[0].payload) == bad.item
    assert sorted(parcel.rows) == [1, 2, 3]


def test_a_capture_may_name_a_blob_instead_of_carrying_bytes():
    outbox, sha = Outbox(PIER), "ab" * 32
    named = outbox.capture().saying(sha256=sha, data="", media_type="application/dicom", bytes=50_000_000)
    parcel = sort_results(PIER.sender, outbox.batch(named), now())

    assert parcel.dead == []
    assert parcel.captures[0].fields[-5:] == (sha, "sample", "", "", "")


WHOLE = {
    "not JSON": b"\xff\xfe",
    "cut off": b'{"v":1,"epoch":1,"items":[',
    "nothing": b"",
    "a list": b"[]",
    "another version": b'{"v":2,"epoch":1,"items":[]}',
    "no epoch": b'{"v":1,"items":[]}',
    "an epoch beyond 64 bits": b'{"v":1,"epoch":9223372036854775808,"items":[{"seq":1}]}',
    "an absurd epoch": b'{"v":1,"epoch":1e400,"items":[{"seq":1}]}',
    "a negative epoch": b'{"v":1,"epoch":-1,"items":[{"seq":1}]}',
    "items that are none": b'{"v":1,"epoch":1,"items":7}',
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_message_that_is_no_batch_is_buried_whole(name):
    parcel = sort_results(PIER.sender, WHOLE[name], now())

    assert [(dead.payload, dead.epoch, dead.seq) for dead in parcel.dead] == [(WHOLE[name], None, None)]
    assert (parcel.epoch, parcel.rows) == (None, [])


@pytest.mark.parametrize("seq", ["0", "-1", "9223372036854775808", '"1"', "1.5", "null"])
def test_a_row_without_a_number_is_buried_without_one(seq):
    outbox = Outbox(PIER)
    good = json.dumps(outbox.reading().item)
    bad = good.replace('"seq": 1', f'"seq": {seq}')
    batch = f'{{"v":1,"epoch":5,"items":[{bad},{good}]}}'.encode()
    parcel = sort_results(PIER.sender, batch, now())

    assert [(dead.epoch, dead.seq) for dead in parcel.dead] == [(5, None)]
    assert parcel.rows == [1]


def test_a_reason_never_quotes_what_was_sent_and_is_never_long():
    outbox = Outbox(PIER)
    lines = (
        outbox.reading().saying(kind="Grace Okafor, 1958"),
        outbox.reading().saying(right={"x" * 5000: 1, "axis": "y"}),
    )
    reasons = [dead.reason for dead in sort_results(PIER.sender, outbox.batch(*lines), now()).dead]

    assert reasons == ["Invalid value - at `$.kind`", "Expected `int | null`, got `str` - at `$.right.axis`"]


def test_fields_stand_in_the_order_of_their_columns():
    outbox = Outbox(PIER)
    line = outbox.reading("R-1")
    parcel = sort_results(PIER.sender, outbox.batch(line, outbox.capture()), now())
    named = dict(zip([name for name, _ in READING], parcel.readings[0].fields, strict=True))

    assert len(parcel.captures[0].fields) == len(CAPTURE)
    assert named | {"body": ""} == {
        **{
            "gateway_id": "3",
            "store_id": "2",
            "epoch": f"{outbox.epoch}",
            "seq": "1",
            "boot": "b-1",
            "mono_ns": f"{line.item['mono_ns']}",
        },
        **{"captured_at": outbox.at.isoformat(), "clock_state": "synced", "clock_err_ms": "3", "dev": "ar-1"},
        **{"driver": "nidek 1", "reading_id": str(line.id), "kind": "autorefraction", "record_number": "R-1"},
        **{"timely": "True", "body": ""},
    }


@pytest.mark.edge(
    "EDGE-068",
    "The time of a gateway whose clock is not synchronised is believed only where it agrees with the time of arrival.",
)
@pytest.mark.parametrize(
    ("state", "ahead", "timely"),
    [("synced", 3600, True), ("coarse", 4, True), ("coarse", -4, True), ("coarse", 6, False), ("floor", -6, False)],
)
def test_an_unsure_clock_counts_only_where_it_agrees(state, ahead, timely):
    outbox, arrived = Outbox(PIER), now()
    line = outbox.reading().but(clk={"state": state}, ts_gw=(arrived + timedelta(seconds=ahead)).isoformat())
    parcel = sort_results(PIER.sender, outbox.batch(line), arrived)

    assert parcel.readings[0].fields[-2] == str(timely)


texts = st.text(st.characters(codec="utf-8") | st.sampled_from("\x00\x1e\x1f\n\x7f"), max_size=12)
broken = st.recursive(st.none() | st.integers() | texts, lambda some: st.lists(some) | st.dictionaries(texts, some))


@given(st.sampled_from([*Outbox(PIER).reading("R-1").item]), broken)
def test_whatever_a_field_holds_the_neighbour_is_taken_and_no_line_is_broken(field, value):
    outbox = Outbox(PIER)
    spoilt, good = outbox.reading().but(**{field: value}), outbox.reading()
    parcel = sort_results(PIER.sender, outbox.batch(spoilt, good), now())

    assert good.seq in [row.seq for row in parcel.readings]
    assert_whole(parcel)


@given(st.sampled_from(["kind", "reading_id", "patient_ref", "integrity", "extra", "notes", "right"]), broken)
def test_whatever_a_body_holds_the_neighbour_is_taken_and_no_line_is_broken(field, value):
    outbox = Outbox(PIER)
    spoilt, good = outbox.reading().saying(**{field: value}), outbox.reading()
    parcel = sort_results(PIER.sender, outbox.batch(spoilt, good), now())

    assert [row.seq for row in parcel.readings][-1] == good.seq
    assert_whole(parcel)


@pytest.mark.edge("EDGE-067", "Whatever bytes a gateway sends, intake keeps them and goes on.")
@given(st.binary())
def test_whatever_bytes_come_they_are_sorted(payload):
    parcel = sort_results(PIER.sender, payload, now())
    assert [dead.payload for dead in parcel.dead] == [payload]


def assert_whole(parcel: Parcel) -> None:
    cells = [cell for row in (*parcel.readings, *parcel.captures) for cell in row.fields]
    assert not [cell for cell in (*cells, *(dead.reason for dead in parcel.dead)) if set(cell) & set("\x00\x1e\x1f")]
