"""Codes: the same for everybody, few tries, few letters, and nobody is looked up before one was typed."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from cloud.direct import tables, tasks
from cloud.direct.models import Flow
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.hashing import digest
from cloud.messages.models import Letter
from tests.cloud.booking.practice_here import found
from tests.cloud.direct.way_here import door, patient, reached

KNOWN, UNKNOWN = "grace@example.test", "nobody@example.test"
OURS = re.compile(r'value="[0-9a-f]+\.[0-9a-f]+"')


@pytest.fixture
def practice(engine, world):
    made = found(engine, world)
    reached(engine, made, world.grace, KNOWN)
    return made


@pytest.fixture
def one(app, engine, practice):
    return patient(app, engine, practice.world.one)


def letters(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        return session.scalars(select(Letter).where(Letter.template == "code").order_by(Letter.id)).all()


def begun(one, practice, contact):
    """What a browser is told, what the database is asked, and to whom a letter goes."""
    asked = []

    def note(_connection, _cursor, statement, *_more):
        asked.append(re.sub(r"\s+", " ", statement))

    one.client.delete_cookie("emmetra_book")
    one.read(door(practice))
    engine = one.client.application.extensions["emmetra.engine"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        page = one.send(contact=contact)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return OURS.sub("", page).replace(contact, "somebody"), asked


def test_the_same_is_said_and_done_whether_anybody_is_known_or_not(one, engine, practice):
    known, unknown = begun(one, practice, KNOWN), begun(one, practice, UNKNOWN)
    assert known == unknown
    assert [statement for statement in known[1] if "people_" in statement] == []
    assert [one.address for one in letters(engine, practice)] == [KNOWN, UNKNOWN]


def test_a_wrong_code_is_refused_alike_for_known_and_unknown(one, practice):
    said = []
    for contact in (KNOWN, UNKNOWN):
        one.client.delete_cookie("emmetra_book")
        one.read(door(practice))
        one.send(contact=contact)
        page = one.send("code", code=f"{(int(one.code()) + 1) % 10**6:06}")
        said.append((one.status, OURS.sub("", page).replace(contact, "somebody")))
    assert said[0] == said[1]
    assert said[0][0] == 422
    assert "Tries left: 4" in said[0][1]


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(one, engine, practice):
    one.read(door(practice))
    one.send(contact=KNOWN)
    right = one.code()
    for _time in range(5):
        one.send("code", code=f"{(int(right) + 1) % 10**6:06}")
    assert "Tries left: 0" in one.page
    one.send("code", code=right)
    assert (one.status, "This code has ended" in one.page) == (422, True)
    one.read(f"{door(practice)}/who")
    assert one.step == "code"
    one.send("code/again")
    one.send("code", code=one.code())
    assert one.step == "who"


def test_a_code_ends_after_ten_minutes(one, engine, practice):
    one.read(door(practice))
    one.send(contact=KNOWN)
    code = one.code()
    with unit_of_work(engine, practice.world.one) as session:
        flow = session.scalars(select(Flow)).one()
        assert timedelta(minutes=9) < flow.code_until - now() < timedelta(minutes=10, seconds=1)
        session.execute(update(Flow).values(code_until=now() - timedelta(seconds=1)))
    one.send("code", code=code)
    assert (one.status, "This code has ended" in one.page) == (422, True)


def test_the_database_keeps_no_code(one, engine, practice):
    one.read(door(practice))
    one.send(contact=KNOWN)
    with unit_of_work(engine, practice.world.one) as session:
        flow = session.scalars(select(Flow)).one()
        assert len(flow.code) == 64
        assert flow.code != digest(one.code())


def test_another_code_ends_the_one_before(one, practice):
    one.read(door(practice))
    one.send(contact=KNOWN)
    first = one.code()
    one.send("code/again")
    second = one.code()
    if first != second:
        one.send("code", code=first)
        assert one.status == 422
    one.send("code", code=second)
    assert one.step == "who"


def test_one_contact_gets_so_many_letters_and_no_more(one, engine, practice):
    times = tables.limit("contact", "code").times
    for _time in range(times):
        begun(one, practice, KNOWN)
    page, _asked = begun(one, practice, KNOWN)
    assert (one.status, "That was tried too often" in page) == (429, True)
    assert len(letters(engine, practice)) == times
    begun(one, practice, UNKNOWN)
    assert one.step == "code"


def test_one_address_gets_so_many_letters_and_no_more(one, engine, practice):
    times = tables.limit("address", "code").times
    for number in range(times + 1):
        begun(one, practice, f"n{number}@example.test")
    assert one.status == 429
    assert len(letters(engine, practice)) == times


def test_a_form_that_comes_back_at_once_or_with_the_hidden_field_is_not_taken(one, engine, practice, monkeypatch):
    one.read(door(practice))
    one.send(contact=KNOWN, website="http://spam.test")
    assert (one.status, "That was very quick" in one.page) == (422, True)
    monkeypatch.setitem(tables.read("limits")["form"], "least_seconds", 30)
    one.read(door(practice))
    one.send(contact=KNOWN)
    assert (one.status, "That was very quick" in one.page) == (422, True)
    assert letters(engine, practice) == []


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}])
def test_a_form_of_somebody_else_sends_nothing(one, engine, practice, headers):
    one.read(door(practice))
    stamp = one.forms()[0].fields["stamp"][0] if headers else "1.2"
    answer = one.client.post(door(practice), data={"contact": KNOWN, "stamp": stamp}, headers=headers)
    assert answer.status_code == 400
    assert letters(engine, practice) == []


@pytest.mark.parametrize("typed", ["", "me", "12345", "a@b", "+44", "@", "0" * 40])
def test_what_is_no_contact_is_said_so(one, engine, practice, typed):
    one.read(door(practice))
    one.send(contact=typed)
    assert (one.status, 'aria-invalid="true"' in one.page) == (422, True)
    assert letters(engine, practice) == []


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900123", "0044 7700 900123", "+44 (0)7700 900123"])
def test_a_telephone_is_one_however_it_is_written(one, engine, practice, typed):
    one.read(door(practice))
    one.send(contact=typed)
    assert [(one.channel, one.address) for one in letters(engine, practice)] == [("phone", "+447700900123")]


def test_a_way_that_is_over_leaves_nothing_behind(one, engine, practice):
    begun(one, practice, KNOWN)
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Flow).values(until=now() - timedelta(seconds=1)))
    one.read(f"{door(practice)}/code")
    assert "You were away for a while" in one.page
    begun(one, practice, UNKNOWN)
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(select(func.count()).select_from(Flow)) == 1


def test_the_worker_leaves_nothing_of_whoever_did_not_end(one, engine, practice):
    begun(one, practice, KNOWN)
    assert tasks.sweep(engine) >= 0
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(select(func.count()).select_from(Flow)) == 1
        session.execute(update(Flow).values(until=now() - timedelta(seconds=1)))
    sweeper = tasks.Sweeper()
    assert (sweeper.work(engine), sweeper.work(engine)) == (True, False)
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(select(func.count()).select_from(Flow)) == 0
