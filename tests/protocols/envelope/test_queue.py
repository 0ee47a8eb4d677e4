"""A book of the queue on its way: small, whole, and nothing that is no book."""

import zlib

import pytest

from protocols.envelope.messages import Malformed, encode
from protocols.envelope.queue import LONGEST, Book, Guest, Part, pack, unpack
from protocols.queue.turns import Turn


def book(guests: int) -> Book:
    """One of a store with so many people."""
    part = Part(id=1, station=3, machine="doctor", state="waiting", since="2026-11-23T09:00:00.123456+00:00")
    people = [
        Guest(id=n, ticket=f"A{n:03}", arrived_at=f"2026-11-23T08:{n % 60:02}:17.{n:06}+00:00", parts=[part])
        for n in range(1, guests + 1)
    ]
    told = {"zone": "Europe/Berlin", "day": "2026-11-23", "made_at": "", "heading": "Pier", "currency": "EUR"}
    rule = Turn(appointments=2, of=3, lead_minutes=15, late_minutes=15, behind=3, calls=3, apart_s=20)
    return Book(version=1, rule=rule, languages=["en"], places=[], offers=[], numbers=[], guests=people, **told)


@pytest.mark.parametrize("guests", [0, 1, 300])
def test_what_was_packed_is_read_again(guests):
    assert unpack(pack(book(guests))) == book(guests)


def test_a_full_store_costs_a_tenth():
    whole = book(300)
    assert len(pack(whole)) * 8 < len(encode(whole))


@pytest.mark.parametrize(
    "said",
    [b"", b"{}", encode(book(1)), pack(book(3))[:-5], zlib.compress(b"[]"), zlib.compress(b"0" * (LONGEST + 1))],
    ids=["nothing", "json", "unpacked", "torn", "no book", "a bomb"],
)
def test_what_is_no_book_is_malformed(said):
    with pytest.raises(Malformed):
        unpack(said)
