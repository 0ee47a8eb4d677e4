"""Instruments of the chain, and what was done to them: entered, struck, never changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.operations import inventory, servicing
from cloud.operations.choices import Kind
from cloud.operations.errors import NoSuchInstrument, NoSuchService
from cloud.operations.inventory import Asked
from cloud.operations.models import Service
from tests.cloud.operations.rows_here import done

TODAY = date(2026, 11, 22)


@pytest.fixture
def served(engine, world):
    """Pier's phoropter is due in a year; Hill's was due yesterday."""
    with unit_of_work(engine, world.one) as session:
        servicing.enter(session, world.pier.phoropter, done(), by=world.omar.id)
        late = done(done_on=TODAY - timedelta(days=366), next_due=TODAY - timedelta(days=1))
        servicing.enter(session, world.hill.phoropter, late, by=world.omar.id)
        servicing.set_serial(session, world.hill.phoropter, "RT-99812", by=world.omar.id)
        yield session


def names(session, **asked):
    found = inventory.lines(session, Asked(TODAY, **asked))
    return [f"{line.store} {line.instrument.dev}" for line in found]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "pier lane"}, ["Pier ar-1", "Pier lm-1", "Pier rt"]),
        ({"words": "rt-5100", "sort": "store"}, ["Hill rt", "Pier rt"]),
        ({"words": "99812"}, ["Hill rt"]),
        ({"due": "overdue"}, ["Hill rt"]),
        ({"due": "soon"}, []),
        ({"due": "unknown", "store": "pier"}, ["Pier ar-1", "Pier lm-1"]),
        ({"state": "lost"}, []),
        ({"store": "hill", "state": "connected", "sort": "lane", "down": True}, ["Hill lm-1", "Hill rt", "Hill ar-1"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(served, asked, found):
    assert names(served, **asked) == found


@pytest.mark.parametrize("sort", inventory.SORTS)
@pytest.mark.parametrize("down", [False, True])
def test_pages_of_any_order_hold_every_instrument_once(served, monkeypatch, sort, down):
    monkeypatch.setattr(inventory, "PAGE", 4)
    whole = names(served, sort=sort, down=down)
    first = inventory.page(served, Asked(TODAY, sort=sort, down=down))
    behind = Asked(TODAY, sort=sort, down=down, after=inventory.read_place(sort, first.older))
    second = inventory.page(served, behind)
    walked = [f"{line.store} {line.instrument.dev}" for page in (first, second) for line in page.lines]
    assert (walked, second.older) == (whole, "")
    before = replace(behind, after=inventory.read_place(sort, second.newer), back=True)
    assert inventory.page(served, before).lines == first.lines


def test_counts_at_a_glance(served):
    found = inventory.glance(served, TODAY)
    assert found == {"all": 6, "connected": 6, "overdue": 1, "soon": 0}


def test_another_chains_instrument_is_not_there(engine, world):
    with unit_of_work(engine, world.two) as session:
        assert "Pier rt" not in names(session)
        for number in (world.pier.phoropter, 2**70):
            with pytest.raises(NoSuchInstrument):
                servicing.enter(session, number, done(), by=world.charlie.id)
    with unit_of_work(engine, world.one) as session:
        assert servicing.of(session, world.pier.phoropter) == []


def test_a_wrong_entry_is_struck_and_what_was_before_counts_again(engine, world):
    with unit_of_work(engine, world.one) as session:
        right = servicing.enter(session, world.pier.phoropter, done(), by=world.omar.id)
        wrong = servicing.enter(
            session, world.pier.phoropter, done(done_on=TODAY, next_due=date(2036, 1, 1)), by=world.omar.id
        )
        assert inventory.line(session, world.pier.phoropter).next_due == date(2036, 1, 1)
        servicing.strike(session, world.pier.phoropter, wrong.id, why="typed wrong", today=TODAY, by=world.olivia.id)
        assert inventory.line(session, world.pier.phoropter).next_due == right.next_due
        for number in (wrong.id, right.id + 999):
            with pytest.raises(NoSuchService):
                servicing.strike(session, world.pier.phoropter, number, why="again", today=TODAY, by=world.omar.id)
        kept = session.scalars(select(Service).order_by(Service.id)).all()
        noted = session.scalars(select(Entry.verb).where(Entry.subject_kind == "instrument").order_by(Entry.id)).all()
    assert [(one.kind, one.strikes) for one in kept] == [
        ("calibrated", None),
        ("calibrated", None),
        ("struck", wrong.id),
    ]
    assert noted == ["calibrated", "calibrated", "struck"]


class Row:
    def __init__(self, number, kind, day, due, strikes):
        self.id, self.kind, self.done_on, self.strikes = number, kind, TODAY + timedelta(days=day), strikes
        self.next_due = None if due is None else TODAY + timedelta(days=due)


rows = st.lists(
    st.tuples(st.sampled_from(list(Kind)), st.integers(-900, 0), st.none() | st.integers(1, 900)), max_size=12
).map(lambda told: [Row(number, kind, day, due, None) for number, (kind, day, due) in enumerate(told, 1)])


@given(rows, st.data())
def test_a_struck_entry_counts_as_if_it_had_never_been(entries, data):
    if not entries:
        assert servicing.dates(entries) == servicing.Dates(None, None, None)
        return
    struck = data.draw(st.sampled_from(entries))
    without = [one for one in entries if one is not struck]
    strike = Row(99, "struck", 0, None, struck.id)
    assert servicing.dates([*entries, strike]) == servicing.dates(without)
