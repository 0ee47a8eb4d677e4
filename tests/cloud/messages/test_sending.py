"""Letters on their way to a real mail server, which takes them, refuses them, or dies."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.messages import models, office, sending, services, tasks
from cloud.messages.choices import Channel, Purpose, State, Why
from cloud.messages.errors import NotAgain
from cloud.people import services as people
from tests.cloud.messages.letters_here import (
    LOCAL,
    MAIL,
    TEXT,
    deliver,
    due_now,
    kept,
    letter,
    never_quiet,
    steps,
    texts_of,
    written,
)
from tests.cloud.messages.mail_here import mail_server
from tests.load.race import race


@pytest.fixture
def box(engine):
    with mail_server() as found:
        before = office.of(engine)
        office.install(engine, found.office)
        yield found
        office.install(engine, before)


@pytest.fixture
def desk(engine):
    """No mail server: everything lies on the page."""
    before = office.of(engine)
    office.install(engine, LOCAL)
    yield
    office.install(engine, before)


def test_a_letter_arrives_once_with_its_parts_and_its_secret_is_gone(engine, world, box):
    one = written(engine, world)
    assert deliver(engine, world, one) == State.SENT
    assert deliver(engine, world, one) is None
    [mail] = box.mails
    assert (mail["Subject"], box.recipients) == ("Your appointment on Tuesday 15 December 2026, 09:20", [MAIL.value])
    assert mail["From"] == "Pier <no-reply@practice.test>"
    plain, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert "https://book.test/b/s3cret-token" in plain
    assert 'href="https://book.test/b/s3cret-token"' in html
    assert "Bring your <glasses> & lenses." in plain
    assert "Bring your &lt;glasses&gt; &amp; lenses." in html
    row = kept(engine, world, one)
    assert (row.secret, row.message_id, row.state) == (None, mail["Message-ID"], State.SENT)
    assert steps(engine, world, one) == ["written", "allow", "begun", "sent"]


def test_the_same_key_is_written_once_and_another_chains_key_is_its_own(engine, world):
    first, second = written(engine, world), written(engine, world, words={**letter(world).words, "place": "Other"})
    assert first == second
    with unit_of_work(engine, world.two) as session:
        theirs = letter(world, patient_id=world.mary, store_id=world.mill.id)
        assert services.write(session, theirs) != first


def test_four_workers_at_once_send_nothing_twice(engine, world, box):
    ids = [written(engine, world, key=f"k-{number}", at=now() - timedelta(days=1)) for number in range(12)]

    def round_(_number):
        return str(sum(deliver(engine, world, one) == State.SENT for one in ids))

    told = race(4, round_)
    assert sum(int(word) * count for word, count in told.answers.items()) == 12
    assert len({mail["Message-ID"] for mail in box.mails}) == len(box.mails) == 12


def test_a_server_that_is_busy_is_asked_again_with_the_same_message_id_and_later_each_time(engine, world, box):
    one = written(engine, world)
    box.data = "451 try later"
    waits = []
    for _time in range(5):
        assert deliver(engine, world, one) == State.WAITING
        row = kept(engine, world, one)
        waits.append(row.due_at - now())
        assert (row.why, row.said, row.secret is None) == (Why.SERVER_BUSY, "451", False)
        due_now(engine, world, one)
    assert waits == sorted(waits)
    name = kept(engine, world, one).message_id
    box.data = "250 ok"
    assert deliver(engine, world, one) == State.SENT
    assert [mail["Message-ID"] for mail in box.mails] == [name]


def test_a_server_that_never_has_time_is_given_up(engine, world, box):
    one = written(engine, world)
    box.rcpt = "450 busy"
    for _time in range(5):
        assert deliver(engine, world, one) == State.WAITING
        due_now(engine, world, one)
    assert deliver(engine, world, one) == State.FAILED
    assert (box.mails, kept(engine, world, one).why) == ([], Why.SERVER_BUSY)


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_refusal_is_final_and_the_next_way_is_taken(engine, world, box, where):
    setattr(box, where, "550 no such user")
    office.install(engine, office.Office(box.office.server, box.office.mail_from, "https://book.test", LOCAL.local))
    one = written(engine, world, others=(TEXT,))
    assert deliver(engine, world, one) == State.FAILED
    row = kept(engine, world, one)
    assert (row.why, row.said, row.secret, box.mails) == (Why.REFUSED, "550", None, [])
    with unit_of_work(engine, world.one) as session:
        other = session.scalars(select(models.Letter).where(models.Letter.channel == Channel.PHONE)).one()
    assert deliver(engine, world, other.id) == State.SENT
    with unit_of_work(engine, world.one) as session:
        assert "https://book.test/b/s3cret-token" in texts_of(session)[0]


def test_a_server_that_dies_before_the_body_has_taken_nothing_and_is_asked_again(engine, world, box):
    one = written(engine, world)
    box.dies = "rcpt"
    assert deliver(engine, world, one) == State.WAITING
    assert (kept(engine, world, one).why, kept(engine, world, one).tries, box.mails) == (Why.SERVER_AWAY, 0, [])
    box.dies = None
    due_now(engine, world, one)
    assert deliver(engine, world, one) == State.SENT
    assert len(box.mails) == 1


def test_a_server_that_dies_after_the_body_leaves_a_doubt_that_only_a_person_settles(engine, world, box):
    one = written(engine, world)
    box.dies = "after"
    assert deliver(engine, world, one) == State.DOUBTFUL
    due_now(engine, world, one)
    assert deliver(engine, world, one) is None
    assert len(box.mails) == 1
    box.dies = None
    with unit_of_work(engine, world.one) as session:
        services.send_again(session, one, by=world.rosa.id)
    assert deliver(engine, world, one) == State.SENT
    assert box.mails[0]["Message-ID"] == box.mails[1]["Message-ID"]
    with unit_of_work(engine, world.one) as session, pytest.raises(NotAgain):
        services.send_again(session, one, by=world.rosa.id)


def test_a_worker_that_is_killed_while_it_sends_leaves_a_doubt_and_no_second_letter(engine, world, box):
    one = written(engine, world)
    with unit_of_work(engine, world.one) as session:
        assert isinstance(sending._take(session, one), sending.Parcel)
    assert deliver(engine, world, one) is None
    due_now(engine, world, one)
    assert deliver(engine, world, one) == State.DOUBTFUL
    assert box.mails == []


def test_a_worker_that_comes_back_too_late_changes_nothing(engine, world, box):
    one = written(engine, world)
    with unit_of_work(engine, world.one) as session:
        parcel = sending._take(session, one)
    due_now(engine, world, one)
    assert deliver(engine, world, one) == State.DOUBTFUL
    with unit_of_work(engine, world.one) as session:
        assert sending._settle(session, parcel, State.SENT, None, None) is None
    assert kept(engine, world, one).state == State.DOUBTFUL


def test_no_server_at_all_is_waited_for_and_given_up_after_two_days(engine, world, box):
    one = written(engine, world)
    office.install(engine, office.Office(office.Server("127.0.0.1", 1), "a@b.test", "https://book.test"))
    assert deliver(engine, world, one) == State.WAITING
    assert (kept(engine, world, one).why, kept(engine, world, one).tries) == (Why.SERVER_AWAY, 0)
    old = written(engine, world, key="old", at=now() - timedelta(days=3))
    assert deliver(engine, world, old) == State.FAILED


def test_a_password_never_crosses_a_line_without_tls(engine, world, box):
    with mail_server(auth_required=False) as other:
        server = office.Server("127.0.0.1", other.port, "user", "password")
        office.install(engine, office.Office(server, "a@b.test", "https://book.test"))
        assert deliver(engine, world, written(engine, world)) == State.WAITING
        assert other.mails == []


def test_what_cannot_be_written_on_the_line_fails_and_holds_up_nobody(engine, world, box):
    bad = services.To(Channel.EMAIL, "gräce@example.test", "Grace\r\nBcc: all@example.test", "en")
    one, other = written(engine, world, to=bad), written(engine, world, key="other")
    assert deliver(engine, world, one) == State.FAILED
    assert kept(engine, world, one).why == Why.UNREADABLE
    assert deliver(engine, world, other) == State.SENT


def test_a_letter_is_withdrawn_until_it_is_on_its_way(engine, world, box):
    first, later = written(engine, world), written(engine, world, key="later", at=now() + timedelta(days=1))
    assert deliver(engine, world, first) == State.SENT
    assert deliver(engine, world, later) is None
    with unit_of_work(engine, world.one) as session:
        assert services.withdraw(session, "visit:1") == 1
    row = kept(engine, world, later)
    assert (row.state, row.secret) == (State.WITHDRAWN, None)
    due_now(engine, world, later)
    assert deliver(engine, world, later) is None
    assert len(box.mails) == 1


def test_without_anybody_to_write_to_the_letter_says_so(engine, world, box):
    one = written(engine, world, to=None)
    row = kept(engine, world, one)
    assert (row.state, row.why, row.secret) == (State.NOWHERE, Why.NO_CONTACT, None)
    assert deliver(engine, world, one) is None


def test_consent_is_asked_when_it_is_sent_not_when_it_is_written(engine, world, desk):
    never_quiet(engine, world)
    one = written(engine, world)
    with unit_of_work(engine, world.one) as session:
        said = {"text_version": "1", "method": "spoken", "by": world.rosa.id, "state": "refused"}
        people.answer(session, world.grace, purpose="reminders", channel="email", **said)
    assert deliver(engine, world, one) == State.DENIED
    assert (kept(engine, world, one).why, steps(engine, world, one)) == (
        Why.REFUSED_CONSENT,
        ["written", "deny", "denied"],
    )
    with unit_of_work(engine, world.one) as session:
        assert texts_of(session, Channel.EMAIL) == []


def test_an_opt_out_stops_marketing_and_care_but_not_safety_nor_a_code_asked_for(engine, world, desk):
    never_quiet(engine, world)
    with unit_of_work(engine, world.one) as session:
        stopped = ["care", "service", "marketing"]
        number = services.compared(Channel.PHONE, TEXT.value)
        session.add(models.Suppression(channel=Channel.PHONE, normalized=number, purposes=stopped, why="stop"))
        told = {"text_version": "1", "method": "spoken", "by": world.rosa.id, "state": "given"}
        people.answer(session, world.grace, purpose="marketing", channel="sms", **told)
    code = {"template": "code", "words": {"minutes": "10"}, "secret": {"code": "123456"}}
    became = {
        "marketing": written(engine, world, to=TEXT, key="m", purpose=Purpose.MARKETING),
        "care": written(engine, world, to=TEXT, key="c"),
        "safety": written(engine, world, to=TEXT, key="u", urgent=True),
        "code": written(engine, world, to=TEXT, key="k", purpose=Purpose.CODE, **code),
    }
    assert {name: deliver(engine, world, one) for name, one in became.items()} == {
        "marketing": State.DENIED,
        "care": State.DENIED,
        "safety": State.SENT,
        "code": State.SENT,
    }


def test_at_night_a_letter_waits_for_the_morning_of_the_store(engine, world, desk):
    here = now().astimezone(sending.rules.ZoneInfo("Europe/Lisbon"))
    minute = here.hour * 60 + here.minute
    with unit_of_work(engine, world.one) as session:
        quiet = {"quiet_from": (minute - 60) % 1440, "quiet_to": (minute + 60) % 1440}
        session.add(models.Setting(store_id=world.pier.id, sender="The Pier", **quiet))
    reminder = {"template": "visit_reminder"}
    one = written(engine, world, **reminder)
    assert deliver(engine, world, one) == State.WAITING
    row = kept(engine, world, one)
    assert (row.why, now() < row.due_at < now() + timedelta(hours=2)) == (Why.QUIET_HOURS, True)
    assert deliver(engine, world, written(engine, world, key="u", urgent=True, **reminder)) == State.SENT
    assert deliver(engine, world, written(engine, world, key="now")) == State.SENT


def test_a_reminder_waits_for_the_time_of_day_its_reader_wished_for(engine, world, desk):
    never_quiet(engine, world)
    hour = now().astimezone(sending.rules.ZoneInfo("Europe/Lisbon")).hour
    other = "morning" if hour >= 12 else "evening"
    with unit_of_work(engine, world.one) as session:
        people.wish(session, world.grace, purpose="reminders", channels=["email"], time_of_day=other, by=None)
    one = written(engine, world, template="visit_reminder")
    assert deliver(engine, world, one) == State.WAITING
    assert kept(engine, world, one).why == Why.OTHER_TIME
    soon = {"template": "visit_reminder", "until": now() + timedelta(minutes=5), "key": "soon"}
    assert deliver(engine, world, written(engine, world, **soon)) == State.SENT


@pytest.fixture
def nobody_elses(owner):
    """Codes of other tests' chains would stand before ours."""
    with owner.begin() as connection:
        connection.execute(text("TRUNCATE messages_letter CASCADE"))


def test_the_worker_finds_what_is_due_in_every_chain_codes_first(nobody_elses, engine, world, desk):
    early = written(engine, world, at=now() - timedelta(days=900))
    code = {"template": "code", "words": {"minutes": "10"}, "secret": {"code": "123456"}}
    asked = written(engine, world, key="c", purpose=Purpose.CODE, at=now() - timedelta(days=800), **code)
    waits = written(engine, world, key="w", at=now() + timedelta(days=1))
    mine = [letter_id for tenant, letter_id in tasks.due(engine) if tenant == world.one]
    assert mine == [asked, early]
    postman = tasks.Postman()
    assert postman.work(engine) is True
    postman.close()
    assert [kept(engine, world, one).state for one in (early, asked, waits)] == ["sent", "sent", "waiting"]


def test_secrets_of_what_was_never_sent_are_erased_after_a_week_and_it_is_not_sent_again(engine, world, desk):
    never_quiet(engine, world)
    ids = {days: written(engine, world, key=f"{days}", until=None) for days in (6, 8)}
    office.install(engine, office.Office())
    for days, one in ids.items():
        assert deliver(engine, world, one) == State.DENIED
        with unit_of_work(engine, world.one) as session:
            session.get_one(models.Letter, (world.one, one)).ended_at = now() - timedelta(days=days)
    with unit_of_work(engine, world.one) as session:
        assert services.forget(session) == 1
    assert [kept(engine, world, one).secret is None for one in ids.values()] == [False, True]
    with unit_of_work(engine, world.one) as session:
        services.send_again(session, ids[6], by=world.rosa.id)
        with pytest.raises(NotAgain):
            services.send_again(session, ids[8], by=world.rosa.id)


def test_without_any_provider_nothing_is_sent_and_the_letter_says_why(engine, world):
    one = written(engine, world)
    assert deliver(engine, world, one) == State.DENIED
    assert kept(engine, world, one).why == Why.NO_PROVIDER


def test_only_chains_that_are_named_keep_letters_on_a_page(engine, world, desk):
    office.install(engine, office.Office(local=frozenset({f"two-{world.number}"})))
    assert deliver(engine, world, written(engine, world)) == State.DENIED
    office.install(engine, office.Office(local=frozenset({f"one-{world.number}"})))
    assert deliver(engine, world, written(engine, world, key="other")) == State.SENT


def test_words_of_a_letter_cannot_be_changed_and_nothing_of_it_deleted(engine, world):
    one = written(engine, world)
    for statement in (
        "UPDATE messages_letter SET words = '{}'",
        "UPDATE messages_letter SET address = 'x'",
        "DELETE FROM messages_letter",
        "DELETE FROM messages_step",
        "UPDATE messages_step SET what = 'x'",
    ):
        with pytest.raises(Exception, match="permission denied"), unit_of_work(engine, world.one) as session:
            session.execute(text(statement))
    assert kept(engine, world, one).address == MAIL.value
