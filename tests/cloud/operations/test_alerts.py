"""Alerts in the database: fired once, acknowledged by a person, over by themselves, told once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from cloud.accounts import queries as accounts
from cloud.fleet.models import Gateway, Happening, Instrument
from cloud.kernel import clock
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.facts import Fact
from cloud.operations import alerts, limits, tasks
from cloud.operations.choices import Shelf
from cloud.operations.errors import NoSuchAlert, NoSuchRule
from cloud.operations.limits import Quiet
from cloud.operations.models import Alert, AlertChange, Threshold
from cloud.readings import heard, intake
from cloud.readings.models import DeadLetter
from cloud.shadow.models import ReportedChange
from cloud.telemetry.models import Sample
from tests.cloud.operations.rows_here import ring
from tests.cloud.readings.parcels_here import Outbox

HOUR = timedelta(hours=1)


@pytest.fixture
def away(engine, world):
    """Pier's gateway went an hour ago."""
    with unit_of_work(engine, world.one) as session:
        set_gateway(session, world, state="offline", since=now() - HOUR)
    return world


def set_gateway(session, world, **said):
    session.execute(update(Gateway).where(Gateway.id == world.pier.sender.gateway_id).values(**said))


def look(engine, world, **further):
    with unit_of_work(engine, world.one) as session:
        return alerts.look(session, further)


def standing(engine, tenant):
    with unit_of_work(engine, tenant) as session:
        return [
            (one.rule, one.subject, one.resolved_at is not None)
            for one in session.scalars(select(Alert).order_by(Alert.id))
        ]


def steps(engine, world):
    with unit_of_work(engine, world.one) as session:
        return list(session.scalars(select(AlertChange.change).order_by(AlertChange.id)))


@pytest.mark.edge(
    "EDGE-272", "A gateway that is away longer than the chain's limit is one alert, however often one looks."
)
def test_offline_too_long_is_one_alert(engine, away):
    for _round in range(3):
        look(engine, away)
    assert standing(engine, away.one) == [("offline", "", False)]
    assert steps(engine, away) == ["fired", "told"]
    assert standing(engine, away.two) == []


def test_shortly_away_is_none(engine, world):
    with unit_of_work(engine, world.one) as session:
        set_gateway(session, world, state="offline", since=now() - timedelta(minutes=2))
    look(engine, world)
    assert standing(engine, world.one) == []


def test_it_is_over_by_itself_after_a_while_and_fires_anew_later(engine, away, monkeypatch):
    look(engine, away)
    with unit_of_work(engine, away.one) as session:
        set_gateway(session, away, state="online", since=now())
    look(engine, away)
    later(monkeypatch, timedelta(minutes=3))
    look(engine, away)
    assert standing(engine, away.one) == [("offline", "", True)]
    with unit_of_work(engine, away.one) as session:
        set_gateway(session, away, state="offline", since=now() - HOUR)
    look(engine, away)
    assert standing(engine, away.one) == [("offline", "", True), ("offline", "", False)]
    assert steps(engine, away) == ["fired", "told", "calm", "resolved", "fired", "told"]


def later(monkeypatch, by):
    at = clock.now() + by
    monkeypatch.setattr(alerts, "now", lambda: at)


def test_an_instrument_stays_lost_while_its_gateway_cannot_say(engine, world, monkeypatch):
    with unit_of_work(engine, world.one) as session:
        set_gateway(session, world, state="online", since=now() - HOUR)
        lost = update(Instrument).where(Instrument.gateway_id == world.pier.sender.gateway_id, Instrument.dev == "rt")
        session.execute(lost.values(state="lost", since=now() - HOUR))
    look(engine, world)
    assert standing(engine, world.one) == [("instrument_lost", "rt", False)]
    with unit_of_work(engine, world.one) as session:
        set_gateway(session, world, state="offline", since=now())
        session.execute(lost.values(state="connected"))
    later(monkeypatch, HOUR)
    look(engine, world)
    assert standing(engine, world.one) == [("instrument_lost", "rt", False)]


def seen_by(engine, world, **said):
    with unit_of_work(engine, world.one) as session:
        set_gateway(session, world, **({"state": "online", "since": now() - HOUR} | said))
    look(engine, world, dead_letters=heard.dead_letters)
    return standing(engine, world.one)


def test_rows_that_wait_too_long_are_seen(engine, world):
    found = seen_by(engine, world, depth=4, oldest_at=now() - HOUR)
    assert found == [("outbox", "", False)]


def test_a_clock_that_is_not_set_is_seen(engine, world):
    assert seen_by(engine, world, clock_state="floor") == [("clock", "", False)]


def test_each_alarm_of_a_gateway_is_an_alert(engine, world):
    found = seen_by(engine, world, alarms=["outbox_full: Make room.", "re_enrol: Ask for a claim."])
    assert found == [("gateway_alarm", "outbox_full", False), ("gateway_alarm", "re_enrol", False)]


def test_an_alarm_with_a_rule_of_its_own_is_not_told_twice(engine, world):
    assert seen_by(engine, world, alarms=["config_reverted: Version 3 was taken back."]) == []


def test_a_disk_that_is_nearly_full_is_seen_in_the_newest_look(engine, world):
    with unit_of_work(engine, world.one) as session:
        for minutes, free in ((20, 80e9), (2, 100e6)):
            figures = {"disk_free_bytes": free}
            at = now() - timedelta(minutes=minutes)
            session.add(Sample(gateway_id=world.pier.sender.gateway_id, at=at, figures=figures))
    assert seen_by(engine, world) == [("disk", "", False)]


def test_an_update_that_did_not_hold_is_seen_until_one_does(engine, world):
    with unit_of_work(engine, world.one) as session:
        tell_update(session, world, "update_returned", "1.5")
    assert seen_by(engine, world) == [("update_failed", "1.5", False)]
    with unit_of_work(engine, world.one) as session:
        tell_update(session, world, "update_committed", "1.6")
    assert seen_by(engine, world) == [("update_failed", "1.5", True)]


def tell_update(session, world, code, version):
    data = {"version": version, "why": "a driver did not open"}
    told = {"event_id": f"{code}-{version}", "at": now(), "code": code, "text": code, "data": data}
    session.add(Happening(gateway_id=world.pier.sender.gateway_id, **told))


@pytest.mark.edge(
    "EDGE-273", "A configuration that cut a gateway off and was taken back is an alert that names its version."
)
def test_a_configuration_that_was_taken_back_is_seen(engine, world):
    with unit_of_work(engine, world.one) as session:
        for asked, state in ((3, "applied"), (4, "reverted")):
            told = {"version": 3, "asked": asked, "state": state, "doc": {}, "keys": {}, "said_at": now()}
            session.add(ReportedChange(gateway_id=world.pier.sender.gateway_id, why="no contact for 120 s", **told))
            session.flush()
    assert seen_by(engine, world) == [("config_reverted", "4", False)]


def test_rows_that_could_not_be_taken_are_seen(engine, world):
    with unit_of_work(engine, world.one) as session:
        letter = {"epoch": 1, "seq": 9, "reason": "bad", "sha256": "1" * 64, "payload": b"?"}
        session.add(DeadLetter(gateway_id=world.pier.sender.gateway_id, store_id=world.pier.id, **letter))
    assert seen_by(engine, world) == [("dead_letters", "", False)]


def test_a_chains_own_limit_counts_and_the_old_one_is_kept(engine, away):
    with unit_of_work(engine, away.one) as session:
        limits.set_limit(session, "offline", active=True, amount=120, by=away.omar.id)
        limits.set_limit(session, "offline", active=True, amount=120, by=away.omar.id)
    look(engine, away)
    assert standing(engine, away.one) == []
    with unit_of_work(engine, away.one) as session:
        limits.set_limit(session, "offline", active=True, amount=30, by=away.omar.id)
        assert session.scalars(select(Threshold.amount).order_by(Threshold.id)).all() == [120, 30]
    look(engine, away)
    assert standing(engine, away.one) == [("offline", "", False)]


def test_a_rule_that_is_off_fires_nothing(engine, away):
    with unit_of_work(engine, away.one) as session:
        limits.set_limit(session, "offline", active=False, amount=15, by=away.omar.id)
    look(engine, away)
    assert standing(engine, away.one) == []


@pytest.mark.parametrize(("rule", "amount", "refusal"), [("nothing", 5, NoSuchRule), ("offline", 0, ValueError)])
def test_a_limit_that_cannot_be_is_refused(engine, world, rule, amount, refusal):
    with unit_of_work(engine, world.one) as session, pytest.raises(refusal):
        limits.set_limit(session, rule, active=True, amount=amount, by=world.omar.id)
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Threshold)) == 0


@pytest.mark.edge(
    "EDGE-274", "Nobody is told twice of one alert; in quiet hours what is not urgent waits until they end."
)
def test_in_quiet_hours_it_is_told_once_when_they_end(engine, away, monkeypatch):
    told = []
    monkeypatch.setattr(alerts, "announce", lambda _session, fact: told.append(fact))
    with unit_of_work(engine, away.one) as session:
        minute = now().hour * 60 + now().minute
        limits.set_quiet(session, Quiet((minute - 60) % 1440, (minute + 60) % 1440, "UTC"), by=away.omar.id)
    look(engine, away)
    assert [fact.topic for fact in told] == [alerts.TOPIC]
    with unit_of_work(engine, away.one) as session:
        limits.set_quiet(session, None, by=away.omar.id)
    look(engine, away)
    look(engine, away)
    with unit_of_work(engine, away.one) as session:
        alert_id = session.scalar(select(Alert.id))
    mail = [fact for fact in told if fact.topic == alerts.MAIL]
    assert mail == [Fact(topic=alerts.MAIL, tenant_id=away.one, subject=str(alert_id))]
    assert steps(engine, away) == ["fired", "told"]


def test_a_person_sees_to_it_once(engine, world):
    with unit_of_work(engine, world.one) as session:
        alert_id = ring(session, world.pier)
        assert alerts.counts(session) == {Shelf.OPEN: 1, Shelf.ACKNOWLEDGED: 0}
        assert alerts.acknowledge(session, alert_id, by=world.omar.id, note="On my way")
        assert not alerts.acknowledge(session, alert_id, by=world.olivia.id)
        assert alerts.counts(session) == {Shelf.OPEN: 0, Shelf.ACKNOWLEDGED: 1}
        last = alerts.changes(session, alert_id)[-1]
        assert (last.change, last.by, last.note) == ("acknowledged", world.omar.id, "On my way")
        noted = session.scalars(select(Entry).where(Entry.subject_kind == "alert")).all()
    assert [(one.staff_id, one.verb, one.details) for one in noted] == [
        (world.omar.id, "acknowledged", {"rule": "gateway_alarm"})
    ]


def test_another_chains_alert_is_not_there(engine, world):
    with unit_of_work(engine, world.one) as session:
        alert_id = ring(session, world.pier)
    with unit_of_work(engine, world.two) as session:
        with pytest.raises(NoSuchAlert):
            alerts.acknowledge(session, alert_id, by=world.charlie.id)
        assert alerts.page(session, Shelf.OPEN) == []
    with unit_of_work(engine, world.one) as session:
        assert alerts.one(session, alert_id).acknowledged_at is None


def test_the_worker_looks_at_every_chain_and_says_when_instruments_were_heard(engine, away, monkeypatch):
    outbox = Outbox(away.pier)
    assert {away.one, away.two} <= set(accounts.chains(engine))
    monkeypatch.setattr(accounts, "chains", lambda _engine: [away.two, away.one])  # other tests leave thousands behind

    with unit_of_work(engine, away.one) as session:
        intake.take(session, away.one, [outbox.parcel(outbox.reading("R-1"))])
    tasks.Watchman({"dead_letters": heard.dead_letters}, heard.note).work(engine)
    assert standing(engine, away.one) == [("offline", "", False)]
    with unit_of_work(engine, away.one) as session:
        rows = session.execute(
            select(Instrument.dev, Instrument.serial, Instrument.heard_at).order_by(Instrument.dev)
        ).all()
    told = {row.dev: row for row in rows if row.heard_at is not None}
    assert len(told) == 1
    assert isinstance(next(iter(told.values())).heard_at, datetime)


def test_two_workers_do_not_fire_it_twice(engine, away):
    with unit_of_work(engine, away.one) as first:
        assert alerts.look(first) == 2
        assert look(engine, away) == 0
    assert standing(engine, away.one) == [("offline", "", False)]
