"""What patients are told about their visits, and what not; the calendar file is read by a stranger's program."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import vobject
from sqlalchemy import select, text

from cloud.accounts.models import Store
from cloud.booking import calendar, entries, letters, links, services, tasks
from cloud.booking.choices import By, State
from cloud.booking.models import Offer, Visit, Waiting
from cloud.booking.once import settled
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.messages import making, models, office, standing
from cloud.messages.choices import Channel
from cloud.people import services as people
from cloud.people.models import Patient
from cloud.schedule.models import Type
from tests.cloud.booking.practice_here import LISBON, found

OFFICE = office.Office(office.Server("127.0.0.1", 9), "Emmetra <no-reply@practice.test>", "https://book.test")


@pytest.fixture
def practice(engine, world):
    before = office.of(engine)
    office.install(engine, OFFICE)
    made = found(engine, world)
    reach(engine, world, "email", "grace@example.test")
    with unit_of_work(engine, world.one) as session:
        kind = session.get_one(Type, (world.one, made.check))
        kind.names, kind.preparation = {"en": "Glaucoma check"}, {"en": "Bring your glasses.", "zh": "请带上眼镜。"}
    yield made
    office.install(engine, before)


def reach(engine, world, kind, value, whom=None):
    with unit_of_work(engine, world.one) as session:
        people.add_contact(session, whom or world.grace, kind=kind, value=value, by=None)


def book(engine, practice, hour=9, patient=None, **told):
    with unit_of_work(engine, practice.world.one) as session:
        whose = patient or practice.world.grace
        said = {"channel": "desk", "reason": "loses sight", **told}
        booked = services.book(session, practice.ask(), practice.at(hour), whose, **said).id
    settled(engine, practice.world.one, tasks.tell)
    return booked


def visit(session, practice, visit_id):
    return session.get_one(Visit, (practice.world.one, visit_id))


def written(engine, practice, about=None):
    settled(engine, practice.world.one, tasks.tell)
    with unit_of_work(engine, practice.world.one) as session:
        query = select(models.Letter).order_by(models.Letter.id)
        return list(session.scalars(query.where(models.Letter.about == about) if about else query))


def states(rows):
    return [(one.template, one.state) for one in rows]


def enclosed(engine, practice, letter_id):
    with unit_of_work(engine, practice.world.one) as session:
        return session.scalars(select(models.Enclosure).where(models.Enclosure.letter_id == letter_id)).one()


def test_a_booked_visit_is_confirmed_and_reminded_of_three_times(engine, practice):
    one = book(engine, practice)
    rows = written(engine, practice)
    assert [row.template for row in rows] == ["visit_confirmed", *["visit_reminder"] * 3]
    at = practice.at(9)
    assert [at - row.at for row in rows[1:]] == [timedelta(days=7), timedelta(days=2), timedelta(hours=2)]
    assert rows[0].words["when"] == f"{at.astimezone(LISBON):%A} {at.day} {at:%B %Y}, 09:00"
    assert {row.about for row in rows} == {f"visit:{one}"}
    assert all(row.until == at - timedelta(minutes=30) for row in rows[1:])


def test_no_letter_says_what_somebody_comes_for(engine, practice):
    book(engine, practice)
    for row in written(engine, practice):
        with unit_of_work(engine, practice.world.one) as session:
            made = making.page(row, standing.manner(session, row.store_id), "https://book.test")
            said = making.html(made) + making.plain(made) + made.text + made.subject
        assert ("Glaucoma" in said, "loses sight" in said, "/b/" in said) == (False, False, True)
        assert "Bring your glasses." in making.plain(made)


def test_every_letter_has_a_link_of_its_own_that_manages_this_visit(engine, practice):
    one = book(engine, practice)
    tokens = [row.secret["link"].removeprefix("/b/") for row in written(engine, practice)]
    assert len(set(tokens)) == 4
    with unit_of_work(engine, practice.world.one) as session:
        assert {links.find(session, token).visit_id for token in tokens} == {one}


@pytest.mark.parametrize(
    ("ahead", "minutes"),
    [
        (timedelta(days=30), [10080, 2880, 120]),
        (timedelta(days=7, hours=2), [2880, 120]),
        (timedelta(days=1), [120]),
        (timedelta(hours=5), [120]),
        (timedelta(hours=4, minutes=59), []),
        (timedelta(hours=1), []),
    ],
)
def test_reminders_that_would_come_with_the_booking_are_left_out(ahead, minutes):
    moment = now()
    assert list(letters.visits.rungs(moment + ahead, moment)) == minutes


def test_a_moved_visit_withdraws_what_was_to_be_told_and_changes_the_calendar(engine, practice):
    world, first = practice.world, book(engine, practice)
    with unit_of_work(engine, world.one) as session:
        old = visit(session, practice, first)
        second = services.move(session, old, practice.ask(), practice.at(10), by=world.alice.id, through=By.STAFF).id
    assert {row.state for row in written(engine, practice, f"visit:{first}")} == {"withdrawn"}
    rows = written(engine, practice, f"visit:{second}")
    assert [row.template for row in rows] == ["visit_moved", *["visit_reminder"] * 3]
    assert (rows[0].words["before"][-5:], rows[0].words["when"][-5:]) == ("09:00", "10:00")
    before = written(engine, practice, f"visit:{first}")[0]
    told = [vobject.readOne(enclosed(engine, practice, one.id).data.decode()) for one in (before, rows[0])]
    assert [one.method.value for one in told] == ["REQUEST", "REQUEST"]
    assert told[0].vevent.uid.value == told[1].vevent.uid.value
    assert [one.vevent.sequence.value for one in told] == ["0", "1"]
    assert [one.vevent.dtstart.value for one in told] == [practice.at(9), practice.at(10)]


def test_a_cancelled_visit_is_taken_out_of_the_calendar_and_nobody_is_reminded(engine, practice):
    one = book(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        services.turn(session, visit(session, practice, one), State.CANCELLED, by=None, through=By.PATIENT)
    rows = written(engine, practice)
    assert states(rows) == [
        ("visit_confirmed", "withdrawn"),
        *[("visit_reminder", "withdrawn")] * 3,
        ("visit_cancelled", "waiting"),
    ]
    assert [row.secret for row in rows] == [None] * 5
    found_ = vobject.readOne(enclosed(engine, practice, rows[-1].id).data.decode())
    assert (found_.method.value, found_.vevent.status.value, found_.vevent.sequence.value) == (
        "CANCEL",
        "CANCELLED",
        "1",
    )


def test_a_letter_that_cannot_be_written_holds_up_no_other_and_the_desk_tells_them(engine, practice, monkeypatch):
    def broken(session, visit):
        session.execute(text("SELECT 1 / 0"))

    monkeypatch.setitem(tasks.LETTERS, "confirmed", broken)
    first = book(engine, practice)
    monkeypatch.undo()
    second = book(engine, practice, hour=10, patient=practice.world.per)
    assert {row.about for row in written(engine, practice)} == {f"visit:{second}"}
    with unit_of_work(engine, practice.world.one) as session:
        assert [(one.kind, one.visit_id) for one in entries.of_store(session, practice.store, 0, 9)] == [
            ("tell", first)
        ]


@pytest.mark.parametrize(("state", "left"), [(State.CONFIRMED, 4), (State.ARRIVED, 0), (State.NO_SHOW, 0)])
def test_whoever_has_come_or_will_not_is_not_reminded(engine, practice, state, left):
    one = book(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        services.turn(session, visit(session, practice, one), state, by=practice.world.rosa.id, through=By.STAFF)
    assert [row.state for row in written(engine, practice)].count("waiting") == left


def test_a_booking_that_is_rolled_back_tells_nobody(engine, practice):
    with pytest.raises(RuntimeError), unit_of_work(engine, practice.world.one) as session:
        services.book(session, practice.ask(), practice.at(9), practice.world.grace, channel="desk")
        raise RuntimeError
    assert written(engine, practice) == []


def test_the_wished_way_is_first_and_the_others_follow(engine, practice):
    world = practice.world
    reach(engine, world, "mobile", "+44 7700 900123")
    with unit_of_work(engine, world.one) as session:
        wish = {"purpose": "reminders", "channels": ["sms", "email"], "time_of_day": "any"}
        people.wish(session, world.grace, **wish, by=None)
    book(engine, practice)
    row = written(engine, practice)[0]
    assert (row.channel, row.address) == (Channel.PHONE, "+44 7700 900123")
    assert [one["value"] for one in row.others] == ["grace@example.test"]


def test_who_has_no_address_gets_no_letter_and_the_page_says_so(engine, practice):
    book(engine, practice, patient=practice.patients[0])
    rows = written(engine, practice)
    assert {(row.state, row.why) for row in rows} == {("nowhere", "no_contact")}


def test_for_a_child_the_parent_is_written_to(engine, practice):
    world, child = practice.world, practice.patients[0]
    with unit_of_work(engine, world.one) as session:
        people.tie(session, child, world.grace, "parent", by=None)
    book(engine, practice, patient=child)
    row = written(engine, practice)[0]
    assert (row.address, row.name, row.words["patient"], row.patient_id) == (
        "grace@example.test",
        "Grace",
        "Family 0",
        child,
    )


def test_a_letter_speaks_the_patients_language_and_names_the_time_of_the_store(engine, practice):
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        session.get_one(Store, (world.one, practice.store)).zone = "Asia/Shanghai"
        session.get_one(Patient, (world.one, world.grace)).language = "zh"
        one = services.new_visit(
            practice.store, practice.check, world.grace, practice.at(1), practice.at(2), who="existing", channel="desk"
        )
        session.add(one)
        session.flush()
        letters.confirmed(session, one)
    row = written(engine, practice)[0]
    clock = practice.at(1) + timedelta(hours=8)
    assert row.words["when"].startswith(f"{clock.year}年{clock.month}月{clock.day}日星期")
    assert (row.words["zone"], row.words["preparation"]) == ("中国标准时间", "请带上眼镜。")
    with unit_of_work(engine, world.one) as session:
        assert making.page(row, standing.manner(session, row.store_id), "").title == "预约成功"


def test_the_mail_carries_the_file_twice_as_calendars_want_it(engine, practice):
    book(engine, practice)
    row = written(engine, practice)[0]
    file = enclosed(engine, practice, row.id)
    with unit_of_work(engine, practice.world.one) as session:
        manner = standing.manner(session, row.store_id)
    row.message_id = "<1@practice.test>"
    sent = making.mail(
        row, making.page(row, manner, "https://book.test"), manner, "no-reply@practice.test", [services_file(file)]
    )
    mail = message_from_bytes(sent.as_bytes(), policy=default)
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == ["REQUEST", "REQUEST"]
    assert [part.get_filename() for part in parts] == [None, "appointment.ics"]
    read = vobject.readOne(parts[1].get_content())
    assert read.vevent.attendee.value == "mailto:grace@example.test"
    assert read.vevent.organizer.value == "mailto:no-reply@practice.test"
    assert read.vevent.attendee.params["RSVP"] == ["FALSE"]


def services_file(row):
    from cloud.messages.letters import File

    return File(row.name, row.media_type, bytes(row.data))


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Asia/Shanghai", "America/Santiago", "Australia/Lord_Howe", "UTC"])
def test_a_file_to_take_along_tells_the_zones_own_rules_to_a_stranger(engine, practice, zone):
    world, one = practice.world, book(engine, practice)
    with unit_of_work(engine, world.one) as session:
        session.get_one(Store, (world.one, practice.store)).zone = zone
        session.flush()
        data = calendar.file(session, visit(session, practice, one)).decode()
    read = vobject.readOne(data)
    assert (read.method.value, hasattr(read.vevent, "attendee")) == ("PUBLISH", False)
    assert read.vevent.dtstart.value.timestamp() == practice.at(9).timestamp()
    assert read.vevent.dtend.value - read.vevent.dtstart.value == timedelta(minutes=20)
    assert ("BEGIN:VTIMEZONE" in data) is (zone != "UTC")
    assert "Glaucoma" not in data
    assert all(len(line.encode()) <= 75 for line in data.split("\r\n"))


def test_an_offer_is_told_to_whoever_waits_until_it_ends(engine, practice):
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        where = {"patient_id": world.grace, "type_id": practice.check, "stores": [practice.store]}
        waiting = Waiting(**where, since=practice.on, until=practice.on, who="existing")
        session.add(waiting)
        session.flush()
        place = {"store_id": practice.store, "type_id": practice.check}
        until = now() + timedelta(hours=2)
        times = {"shown_at": practice.at(9), "ends_at": practice.at(10), "until": until}
        offer = Offer(**place, **times, waiting_id=waiting.id)
        session.add(offer)
        session.flush()
        letters.offered(session, offer, "token")
    [row] = written(engine, practice)
    assert (row.template, row.secret, row.until) == ("visit_offer", {"link": "/b/token"}, until)
