"""Documents gathered from a wire: in any pieces, in any encoding, with anything before and between them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission, Unread
from protocols.readings import Instrument, Integrity, Tonometry, TonometryEye
from protocols.xml import Documents, decode, read
from protocols.xml.reading import LARGEST

WHO = Instrument(maker="Toy", model="T", dialect="toy")


def understood(raw):
    number = read(raw).root.said("v")
    if not number.isdigit():
        raise Unread("Digits were expected.", 3)
    eye = TonometryEye(iop_mmhg=Decimal(number))
    return (Tonometry(instrument=WHO, integrity=Integrity(checksum="none", raw_sha256="0" * 64), right=eye),)


def documents():
    return Documents(("Toy", "Tay"), understood, "a Toy document")


def said(number, codec="utf-8", root="Toy", end="\r\n"):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(codec, b"")
    text = f'<?xml version="1.0"?>\r\n<?xml-stylesheet href="x"?>\r\n<{root}>\r\n<v>{number}</v>\r\n</{root}>{end}'
    return mark + text.encode(codec)


def told(events):
    return [int(e.readings[0].right.iop_mmhg) if isinstance(e, Transmission) else e.raw for e in events]


CODECS = ["utf-8", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 10_000])
def test_it_does_not_matter_in_what_pieces_they_arrive(codec, size):
    data = b"".join(said(number, codec) for number in (17, 18, 19))
    gatherer = documents()
    events = [e for at in range(0, len(data), size) for e in gatherer.feed(data[at : at + size])] + gatherer.silence()
    assert [(e.raw, told([e])) for e in events] == [(e.raw, told([e])) for e in decode(documents(), data)]
    assert told(events) == [17, 18, 19]


def test_the_raw_bytes_end_with_the_end_tag():
    (event,) = decode(documents(), said(17, "utf-16-le"))
    assert event.raw == said(17, "utf-16-le", end="")


def test_utf_16_without_its_mark_is_gathered_too():
    for codec in ("utf-16-le", "utf-16-be"):
        assert told(decode(documents(), said(17, codec)[2:])) == [17]


@settings(deadline=None)
@given(st.binary(max_size=300).filter(lambda noise: b"<" not in noise), st.sampled_from(["utf-8", "utf-16-le"]))
def test_no_noise_before_a_good_one_can_cost_it(noise, codec):
    assert told(decode(documents(), noise + said(17, codec)))[-1] == 17


@settings(deadline=None)
@given(st.integers(1, len(said(17)) - 20), st.sampled_from(CODECS))
def test_one_that_broke_off_does_not_swallow_the_next(cut, codec):
    events = decode(documents(), said(16)[:cut] + said(17, codec))
    assert told(events)[-1] == 17
    assert all(isinstance(event, Garbled) for event in events[:-1])


def test_quiet_ends_one_whose_end_tag_never_came():
    gatherer = documents()
    assert gatherer.feed(said(17)[:60]) == []
    assert gatherer.pause == 1.0
    (event,) = gatherer.silence()
    assert event.why == "The document broke off before the end of its root."
    assert gatherer.pause is None


def test_a_refusal_is_kept_with_its_bytes():
    (event,) = decode(documents(), said("Ada", end=""))
    assert (event.why, event.offset, event.raw) == ("Digits were expected.", 3, said("Ada", end=""))


def test_another_root_is_no_document_of_ours():
    (event,) = decode(documents(), b"<Other><v>17</v></Other>")
    assert event.why == "No document begins here. Expected: a Toy document"
    assert told(decode(documents(), said(17, root="Toys"))) == [said(17, root="Toys")]


def test_an_end_tag_with_the_wrong_slash_ends_it_too():
    gatherer = documents()
    assert told(gatherer.feed(rb"<Toy><v>17<\v><\Toy>")) == [17]


def test_memory_is_bounded():
    gatherer = documents()
    for _ in range(300):
        gatherer.feed(b"noise" * 1000)
    events = gatherer.feed(b"<Toy>")
    for _ in range(2 * LARGEST // 500_000):
        events += gatherer.feed(b"x" * 500_000)
    assert events
    assert all(isinstance(event, Garbled) and len(event.raw) <= LARGEST + 500_000 for event in events)
    assert told(gatherer.feed(said(17)))[-1] == 17


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([said(17), said(18)[:70], said(19, "utf-16-le")]))))
def test_every_byte_is_in_an_event_or_blank(pieces):
    gatherer = documents()
    events = [event for piece in pieces for event in gatherer.feed(piece)] + gatherer.silence()
    kept, came = b"".join(event.raw for event in events), b"".join(pieces)
    assert kept.translate(None, b" \t\r\n\0\x1a") == came.translate(None, b" \t\r\n\0\x1a")
