"""Gathering against a toy instrument that says ``<number>``."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.framing import Garbled, Gatherer, Grammar, Transmission, Unread, decode
from protocols.readings import Instrument, Integrity, Tonometry, TonometryEye


def read(raw):
    if not raw[1:3].isdigit():
        raise Unread("Two digits were expected.", 1)
    eye = TonometryEye(iop_mmhg=Decimal(raw[1:3].decode()))
    who = Instrument(maker="Toy", model="T", dialect="toy")
    return (Tonometry(instrument=who, integrity=Integrity(checksum="none", raw_sha256="0" * 64), right=eye),)


MARKED = Grammar(re.compile(rb"<"), re.compile(rb">"), read, "<number>", limit=1000)
QUIET = Grammar(re.compile(rb"<"), None, read, "<number", limit=1000)


def told(events):
    return [int(e.readings[0].right.iop_mmhg) if isinstance(e, Transmission) else e.raw for e in events]


def test_a_transmission_is_read_and_its_bytes_are_exact():
    (event,) = decode(MARKED, b"<17>")
    assert (event.raw, told([event])) == (b"<17>", [17])


@given(st.lists(st.integers(10, 99), min_size=1, max_size=5), st.integers(1, 4))
def test_it_does_not_matter_in_what_pieces_they_arrive(numbers, size):
    data = b"".join(b"<%d>\r\n" % number for number in numbers)
    gatherer = Gatherer(MARKED)
    events = [e for at in range(0, len(data), size) for e in gatherer.feed(data[at : at + size])]
    assert told([*events, *gatherer.silence()]) == numbers


@given(st.binary(max_size=3000).filter(lambda noise: b"<" not in noise and b">" not in noise))
def test_no_noise_before_a_good_one_can_cost_it(noise):
    assert told(decode(MARKED, noise + b"<17>"))[-1] == 17


def test_one_that_broke_off_does_not_swallow_the_next():
    assert told(decode(MARKED, b"<1<23>")) == [b"<1", 23]


def test_what_never_ends_is_given_up_in_bounded_pieces_and_the_next_is_read():
    gatherer = Gatherer(MARKED)
    events = [e for _ in range(100) for e in gatherer.feed(b"<" + b"x" * 99)]
    assert all(isinstance(event, Garbled) and len(event.raw) <= 1100 for event in events)
    assert told(gatherer.feed(b"<17>"))[-1] == 17


@given(st.lists(st.binary(max_size=700), max_size=8))
def test_every_byte_is_in_an_event_or_blank(pieces):
    gatherer = Gatherer(MARKED)
    events = [event for piece in pieces for event in gatherer.feed(piece)] + gatherer.silence()
    kept, said = b"".join(event.raw for event in events), b"".join(pieces)
    assert kept.translate(None, b" \t\r\n\0") == said.translate(None, b" \t\r\n\0")


@pytest.mark.parametrize(("grammar", "expected"), [(MARKED, [b"<17"]), (QUIET, [17])])
def test_what_quiet_means_is_the_grammars_word(grammar, expected):
    gatherer = Gatherer(grammar)
    assert gatherer.feed(b"<17") == []
    assert gatherer.pause == 1.0
    assert told(gatherer.silence()) == expected
    assert gatherer.pause is None


def test_two_that_only_quiet_ends_are_never_read_as_one():
    assert told(decode(QUIET, b"<17 <18")) == [17, 18]


def test_a_refusal_says_where_and_never_what():
    (event,) = decode(MARKED, b"<Ada>")
    assert (event.why, event.offset, event.raw) == ("Two digits were expected.", 1, b"<Ada>")
