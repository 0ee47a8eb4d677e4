"""What a gateway shall be: versions that only grow, one at a time, and what it says it became."""

import msgspec
import pytest
from sqlalchemy import select

from cloud.fleet import queries as queries_of_fleet
from cloud.fleet import services as fleet
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.shadow import queries, services
from cloud.shadow.errors import Faulty, NoSuchVersion, Stale
from cloud.shadow.models import DesiredVersion, ReportedChange
from cloud.shadow.wording import story
from protocols import envelope
from protocols.envelope import Malformed
from protocols.envelope.desired import Broker, Desired, Heard, KeyState, Reported, Software, Story, Wanted

AT = "2026-11-22T10:00:00.000Z"


@pytest.fixture
def gateway(world):
    return world.pier.sender.gateway_id


@pytest.fixture
def work(engine, world):
    with unit_of_work(engine, world.one) as session:
        yield session


def said(**given):
    told = {"version": 0, "asked": 0, "state": "applied", "at": AT, "doc": Wanted(raw_days=7), "report": "r-1"}
    return envelope.encode(Reported(v=1, **{**told, **given}))


def test_the_first_and_the_next_version(work, world, gateway):
    services.want(work, gateway, Wanted(raw_days=3), 0, world.omar.id, why="less")
    services.want(work, gateway, {"raw_days": 4, "language": "zh"}, 1, world.omar.id)

    assert queries.wanted(work, gateway) == (Wanted(raw_days=4, language="zh"), 2)
    listed, more = queries.versions(work, gateway)
    assert [(row.version, row.wanted_by, row.why) for row in listed] == [
        (2, world.omar.id, ""),
        (1, world.omar.id, "less"),
    ]
    assert not more
    noted = work.scalars(select(Entry).where(Entry.verb == "configured").order_by(Entry.id)).all()
    assert [one.details for one in noted] == [
        {"version": 1, "keys": ["raw_days"]},
        {"version": 2, "keys": ["raw_days", "language"]},
    ]


def test_who_was_slower_is_told_what_changed_and_changes_nothing(work, world, gateway):
    services.want(work, gateway, Wanted(raw_days=3), 0, world.omar.id)
    services.want(work, gateway, Wanted(raw_days=3, language="zh"), 1, world.olivia.id)
    with pytest.raises(Stale) as refusal:
        services.want(work, gateway, Wanted(raw_days=9), 1, world.omar.id)

    assert (refusal.value.version, refusal.value.by, refusal.value.changed) == (2, world.olivia.id, ["language"])
    assert queries.wanted(work, gateway)[1] == 2


def test_everything_that_is_wrong_is_said_at_once_by_its_place(work, world, gateway):
    rows = [
        {"name": "a b", "family": "huvitz", "url": "/dev/ttyUSB0"},
        {"name": "t-1", "family": "huvitz", "url": "socket://h:1"},
        {"name": "t-1", "url": "socket://h:1", "settings": {"baud": []}},
    ]
    doc = {"raw_days": 91, "broker": {"url": "http://x"}, "instruments": rows, "telemetry_s": "often", "colour": "red"}
    with pytest.raises(Faulty) as refusal:
        services.want(work, gateway, doc, 0, world.omar.id)

    assert refusal.value.faults == {
        **{"raw_days": "not_so", "broker": "not_so", "telemetry_s": "not_so", "colour": "unknown"},
        **{"instruments.0.name": "no_name", "instruments.0.url": "numbered"},
        **{"instruments.2.family": "missing", "instruments.2.name": "twice", "instruments.2.url": "twice"},
    }
    assert queries.wanted(work, gateway) == (Wanted(), 0)


def test_a_part_is_set_and_taken_away_beside_the_others(work, world, gateway):
    services.want(work, gateway, Wanted(raw_days=3), 0, world.omar.id)
    software = Software(version="1.2", manifest_sha256="0" * 64, url="https://cloud.example/m")
    services.set_part(work, gateway, "software", software, world.omar.id)
    assert queries.wanted(work, gateway) == (Wanted(raw_days=3, software=software), 2)
    services.set_part(work, gateway, "software", None, None, why="rolled back")
    assert queries.wanted(work, gateway) == (Wanted(raw_days=3), 3)


def test_what_was_wanted_before_is_wanted_again_as_a_new_version(work, world, gateway):
    services.want(work, gateway, Wanted(raw_days=3), 0, world.omar.id)
    services.want(work, gateway, Wanted(raw_days=9), 1, world.omar.id)
    again = services.restore(work, gateway, 1, 2, world.omar.id)
    assert (again.version, again.restored, again.doc) == (3, 1, {"raw_days": 3})
    with pytest.raises(NoSuchVersion):
        services.restore(work, gateway, 7, 3, world.omar.id)


def test_another_chain_wants_nothing_of_this_gateway(engine, world, gateway):
    with pytest.raises(Exception, match="violates foreign key"), unit_of_work(engine, world.two) as session:
        services.want(session, gateway, Wanted(raw_days=3), 0, world.charlie.id)
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(DesiredVersion)).all() == []


def test_what_is_wanted_waits_for_the_broker_until_it_has_it(engine, world, gateway):
    with unit_of_work(engine, world.one) as session:
        services.want(session, gateway, Wanted(raw_days=3), 0, world.omar.id)
    assert (world.one, gateway) in queries.unpublished(engine)
    with unit_of_work(engine, world.one) as session:
        topic, payload, version = queries.letter(session, gateway)
        assert topic == world.pier.address.down("shadow")
        assert envelope.decode(Desired, payload).doc == Wanted(raw_days=3)
        services.published(session, gateway, version)
    assert (world.one, gateway) not in queries.unpublished(engine)


def test_a_gateway_that_has_not_heard_of_the_newest_is_told_again(engine, world, gateway):
    with unit_of_work(engine, world.one) as session:
        services.want(session, gateway, Wanted(raw_days=3), 0, world.omar.id)
        services.published(session, gateway, 1)
        services.note(session, gateway, said(asked=1, version=1))
    assert (world.one, gateway) not in queries.unpublished(engine)
    with unit_of_work(engine, world.one) as session:
        services.note(session, gateway, said(asked=0))
    assert (world.one, gateway) in queries.unpublished(engine)


def test_a_revoked_gateway_is_told_nothing(work, world, gateway):
    services.want(work, gateway, Wanted(raw_days=3), 0, world.omar.id)
    fleet.set_status(work, gateway, "revoked")
    assert queries.letter(work, gateway) is None


def test_the_same_report_again_is_answered_and_makes_no_history(work, gateway):
    assert services.note(work, gateway, said()) == Heard(v=1, report="r-1")
    assert services.note(work, gateway, said(report="r-2", at="2026-11-22T10:05:00.000Z")) == Heard(v=1, report="r-2")
    services.note(work, gateway, said(keys={"broker": KeyState(state="applied")}))
    assert len(work.scalars(select(ReportedChange)).all()) == 2
    assert queries.reported_of(work, [gateway])[gateway].keys == {"broker": {"state": "applied"}}


@pytest.mark.parametrize("text", [b"", b"{", b'{"v":1}', said().replace(b'"raw_days":7', b'"raw_days":900')])
def test_what_is_no_report_changes_nothing(work, gateway, text):
    with pytest.raises(Malformed):
        services.note(work, gateway, text)
    assert queries.reported(work, gateway) is None


def test_the_story_of_a_configuration_that_was_taken_back(app, work, gateway):
    known = Story(tried=2, at=AT, lasted_s=120, broker="mqtt://nowhere:1", said="Nothing listens at nowhere:1.")
    doc = Wanted(broker=Broker(url="mqtts://right:8883"))
    services.note(work, gateway, said(state="reverted", asked=2, version=1, doc=doc, why="…", story=known))
    with app.test_request_context():
        told = story(queries.reported(work, gateway))
    assert told[0] == "The gateway tried configuration 2 and took it back by itself."
    assert told[1] == "For 120 s it did not reach the cloud at mqtt://nowhere:1."
    assert "Nothing listens at nowhere:1." in told[2]
    assert "configuration 1 again" in told[3]


def test_a_document_survives_the_way_there_and_back(work, world, gateway):
    doc = msgspec.convert(
        {"instruments": [{"name": "a", "family": "f", "url": "u", "settings": {"baud": 9600}}]}, Wanted
    )
    services.want(work, gateway, doc, 0, world.omar.id)
    work.expire_all()
    assert queries.wanted(work, gateway)[0] == doc


def test_an_instrument_that_was_taken_away_is_no_longer_there(work, world, gateway):
    ark = msgspec.convert({"instruments": [{"name": "ar-1", "family": "ar", "url": "tcp"}]}, Wanted)
    services.note(work, gateway, said(doc=ark))
    found = {one.dev: one.state for one in queries_of_fleet.instruments_of(work, gateway)}
    assert found == {"ar-1": "connected", "lm-1": "gone", "rt": "gone"}
    assert queries_of_fleet.phoropters(work, world.pier.id) == []
