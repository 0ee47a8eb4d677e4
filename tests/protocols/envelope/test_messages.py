import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.envelope import Ack, Batch, Birth, Capture, Clock, Death, Item, Malformed, Refusal, Span, decode, encode

ITEM = Item(
    seq=7,
    kind="reading",
    boot="b1",
    ts_gw="2026-11-21T08:00:00+00:00",
    mono_ns=1,
    clk=Clock(state="synced"),
    dev="ark",
    drv="nidek_frame",
    drv_v="1",
    body=msgspec.Raw(b'{"kind":"autorefraction","z":1,"a":2}'),
)
BATCH = Batch(v=1, epoch=2**62, items=[ITEM])


def test_a_body_travels_byte_for_byte():
    assert bytes(decode(Batch, encode(BATCH)).items[0].body) == b'{"kind":"autorefraction","z":1,"a":2}'


def test_what_is_absent_is_left_out():
    assert msgspec.json.decode(encode(Ack(v=1, epoch=1, hwm=0))) == {"v": 1, "epoch": 1, "hwm": 0}


def test_gaps_and_refusals_travel_with_the_acknowledgement():
    ack = Ack(v=1, epoch=1, hwm=4, missing=[Span(first=5, last=6)], refused=[Refusal(seq=9, reason="no kind")])
    assert decode(Ack, encode(ack)) == ack
    assert msgspec.json.decode(encode(ack))["missing"] == [[5, 6]]


def test_raw_bytes_travel_as_base64():
    said = Capture(sha256="0" * 64, data=bytes(range(256)), dialect="nidek_frame")
    assert decode(Capture, encode(said)).data == bytes(range(256))


@pytest.mark.parametrize("seq", [0, -1, 2**63, 1.5, "7", None])
def test_a_row_number_a_database_cannot_hold_is_refused(seq):
    text = encode(BATCH).replace(b'"seq":7', b'"seq":' + msgspec.json.encode(seq))
    with pytest.raises(Malformed):
        decode(Batch, text)


def test_a_message_of_another_version_is_refused():
    with pytest.raises(Malformed):
        decode(Batch, encode(BATCH).replace(b'"v":1', b'"v":2'))


def test_keys_of_a_later_release_are_passed_over():
    assert decode(Batch, encode(BATCH).replace(b'"v":1', b'"v":1,"hue":"green"')) == BATCH


def test_a_birth_is_no_death():
    death = encode(Death(v=1, state="offline", session="s", reason="power"))
    with pytest.raises(Malformed):
        decode(Birth, death)


@given(st.binary(max_size=200))
def test_any_bytes_become_a_message_or_the_one_public_error(data):
    assert isinstance(outcome(data), Batch | Malformed)


def outcome(data):
    try:
        return decode(Batch, data)
    except Malformed as refusal:
        return refusal
