from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    Instrument,
    Integrity,
    Malformed,
    PatientRef,
    Reading,
    from_json,
    kind,
    stamped,
    to_json,
)

ARK = Instrument(maker="NIDEK", model="ARK-1a", dialect="nidek_frame")
HEARD = Integrity(checksum="ok", raw_sha256="0" * 64)


def refraction(**eye):
    return Autorefraction(instrument=ARK, integrity=HEARD, right=AutorefractionEye(**eye))


def written(**eye):
    return msgspec.json.decode(to_json(refraction(**eye)))["right"]


def test_a_value_keeps_the_step_and_the_sign_it_came_with():
    assert written(sphere=Decimal("-5.00"), cylinder=Decimal("-0.75"), axis=80) == {
        "sphere": "-5.00",
        "cylinder": "-0.75",
        "axis": 80,
    }


def test_a_negative_zero_stays_negative():
    assert written(sphere=Decimal("-0.00"))["sphere"] == "-0.00"


def test_what_was_not_measured_is_left_out_never_zero():
    assert written(sphere=Decimal("1.00")) == {"sphere": "1.00"}
    assert "left" not in msgspec.json.decode(to_json(refraction()))


def test_axis_zero_is_a_measurement():
    assert written(axis=0) == {"axis": 0}


def test_the_kind_stands_in_the_json_and_on_the_reading():
    reading = refraction()
    assert msgspec.json.decode(to_json(reading))["kind"] == kind(reading) == "autorefraction"


def test_a_stamp_gives_identity_time_and_schema_and_nothing_else():
    before = refraction(sphere=Decimal("0.25"))
    after = stamped(before, reading_id="0198", received_at="2026-11-21T08:00:00+00:00")
    assert (after.reading_id, after.received_at, after.schema) == (
        "0198",
        "2026-11-21T08:00:00+00:00",
        "emmetra.reading/1",
    )
    assert msgspec.structs.replace(after, reading_id=None, received_at=None, schema=None) == before


@pytest.mark.parametrize("number", ["NaN", "-sNaN1", "Infinity", "-inf", "1e999999", "1E+9", "1.5e-9"])
def test_a_number_nobody_can_read_is_refused(number):
    text = to_json(refraction(sphere=Decimal("1.25"))).replace(b'"1.25"', f'"{number}"'.encode())
    with pytest.raises(Malformed, match="not a plain decimal"):
        from_json(text)


@pytest.mark.parametrize("space", [b" ", b"\n", b"\t "])
def test_white_space_does_not_hide_a_number_nobody_can_read(space):
    text = to_json(refraction(sphere=Decimal("1.25"))).replace(b':"1.25"', space + b":" + space + b'"NaN"')
    with pytest.raises(Malformed):
        from_json(text)


@pytest.mark.parametrize("name", ["Nan", "Inf", "1e5", "Infinity Wong"])
def test_a_patient_may_be_called_like_a_number_nobody_can_read(name):
    reading = msgspec.structs.replace(refraction(), patient_ref=PatientRef(id=name, name=name))
    assert from_json(to_json(reading)) == reading


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"kind":"horoscope"}',
        b'{"kind":"autorefraction"}',
        b"\xff\xfe",
        b'"\\ud800"',
    ],
)
def test_what_is_no_reading_is_refused(text):
    with pytest.raises(Malformed):
        from_json(text)


def test_a_refusal_names_the_key_and_never_the_value():
    text = to_json(refraction(axis=80)).replace(b"80", b'"Grace Okafor"')
    with pytest.raises(Malformed) as refusal:
        from_json(text)
    assert "axis" in str(refusal.value)
    assert "Okafor" not in str(refusal.value)


@given(st.binary(max_size=200))
def test_any_bytes_become_a_reading_or_the_one_public_error(data):
    assert isinstance(outcome(data), Reading | Malformed)


def outcome(data):
    try:
        return from_json(data)
    except Malformed as refusal:
        return refusal


@given(st.decimals(min_value=-99, max_value=99, places=2), st.integers(0, 180))
def test_what_was_written_is_read_again(sphere, axis):
    reading = refraction(sphere=sphere, axis=axis)
    again = from_json(to_json(reading))
    assert again == reading
    assert str(again.right.sphere) == str(sphere)
