"""A roll-out from ring to ring, stopped by what gateways report, and taken back; against the database."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, text

from cloud.fleet import services as fleet
from cloud.fleet.models import Gateway, Happening
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import outside, unit_of_work
from cloud.releases import choices, queries, services, tasks
from cloud.releases.choices import Deed, Step
from cloud.releases.errors import NotNow, OneAtATime, ReleaseRefused
from cloud.releases.models import Piece, Release
from cloud.releases.rules import Share
from cloud.shadow import queries as shadow
from protocols.envelope.release import MANIFEST, SIGNATURE
from tests.edge.updates.releases_here import Maker

ABOUT = {"soak_minutes": 1, "fail_percent": 5, "quiet_percent": 5}
URL = "https://cloud.example/gateways/v1/releases/"


@pytest.fixture(scope="module")
def maker(tmp_path_factory):
    return Maker(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="module")
def two(maker):
    return maker.release("2.0")


def files(folder):
    return {path.name: BytesIO(path.read_bytes()) for path in folder.glob("*.tar.gz")}


def add(session, folder, keys):
    signed = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
    return services.add(session, *signed, files(folder), keys)


@pytest.fixture
def release(engine, two, maker):
    with outside(engine) as session:
        return add(session, two, maker.keys)


@pytest.fixture
def gateways(engine, world):
    """Ten gateways of chain one besides its two, all online with 1.0."""
    with unit_of_work(engine, world.one) as session:
        made = [fleet.enrol(session, store_id=world.pier.id, slug=f"g-{n}") for n in range(10)]
        for one in session.scalars(select(Gateway)):
            one.state, one.software, one.since = "online", "emmetra 1.0", now() - timedelta(days=1)
        return [one.id for one in made]


def begin(engine, world, release, *shares):
    with unit_of_work(engine, world.one) as session:
        services.set_rings(session, shares or [Share(10), Share(100)], world.omar.id)
        url = URL + release.manifest_sha256
        return services.begin(session, release, url=url, **ABOUT, by=world.omar.id).id


def work(engine, world, rollout_id, monkeypatch, later=timedelta(0)):
    """Everything that is due, as if it were later."""
    moment = now() + later
    monkeypatch.setattr(services, "now", lambda: moment)
    while tasks.step(engine, world.one, rollout_id):
        pass


def told(engine, world, rollout_id, back=False):
    with unit_of_work(engine, world.one) as session:
        return queries.told(session, rollout_id, back=back)


def wanted(engine, world, gateway_id):
    with unit_of_work(engine, world.one) as session:
        return shadow.wanted(session, gateway_id)[0].software


def run(engine, world, ids, software="emmetra 2.0"):
    with unit_of_work(engine, world.one) as session:
        for one in session.scalars(select(Gateway).where(Gateway.id.in_(ids))):
            one.software = software


def report(engine, world, gateway_id, release, why="the driver of lm-1 does not open"):
    data = {"version": "2.0", "manifest_sha256": release.manifest_sha256, "why": why}
    with unit_of_work(engine, world.one) as session:
        about = {"event_id": f"e-{gateway_id}", "code": "update_returned", "text": "went back", "data": data}
        session.add(Happening(gateway_id=gateway_id, at=now(), **about))


def verbs(engine, world, rollout_id):
    with unit_of_work(engine, world.one) as session:
        return [step.verb for step in queries.steps(session, rollout_id)]


@pytest.mark.edge(
    "EDGE-195", "A release goes from ring to ring, and on only when most of a ring run it after the time to watch."
)
def test_from_ring_to_ring(engine, world, release, gateways, monkeypatch):
    one = begin(engine, world, release)
    work(engine, world, one, monkeypatch)
    first = told(engine, world, one)
    assert len(first) == 2  # 10 % of 12
    wish = wanted(engine, world, next(iter(first)))
    assert (wish.version, wish.manifest_sha256, wish.url) == (
        "2.0",
        release.manifest_sha256,
        URL + wish.manifest_sha256,
    )
    assert wanted(engine, world, next(iter(set(gateways) - first))) is None

    work(engine, world, one, monkeypatch, timedelta(minutes=5))
    assert told(engine, world, one) == first
    run(engine, world, first)
    work(engine, world, one, monkeypatch)
    assert told(engine, world, one) == first
    work(engine, world, one, monkeypatch, timedelta(minutes=2))
    everybody = told(engine, world, one)
    assert len(everybody) == 12
    run(engine, world, everybody)
    work(engine, world, one, monkeypatch, timedelta(minutes=5))
    assert verbs(engine, world, one) == ["started", "ring", "ring", "finished"]


@pytest.mark.edge(
    "EDGE-196", "A roll-out stops by itself when too many gateways go back, with the numbers it was decided by."
)
def test_it_stops_by_itself_when_gateways_go_back(engine, world, release, gateways, monkeypatch):
    one = begin(engine, world, release)
    work(engine, world, one, monkeypatch)
    unlucky = min(told(engine, world, one))
    report(engine, world, unlucky, release)
    work(engine, world, one, monkeypatch)
    with unit_of_work(engine, world.one) as session:
        last = queries.steps(session, one)[-1]
        fared = [fare for fare in queries.fared(session, queries.rollout(session, one)) if fare.fate == "failed"]
        trail = session.scalars(select(Entry).where(Entry.verb == "stopped", Entry.subject_kind == "rollout")).all()
    assert (last.verb, last.why, last.numbers["failed"], last.numbers["told"]) == ("stopped", "failed", 1, 2)
    assert [(fare.gateway_id, fare.why) for fare in fared] == [(unlucky, "the driver of lm-1 does not open")]
    assert len(trail) == 1
    before = told(engine, world, one)
    work(engine, world, one, monkeypatch, timedelta(days=9))
    assert told(engine, world, one) == before


@pytest.mark.edge("EDGE-197", "A roll-out stops by itself when gateways that were there fall silent.")
def test_it_stops_by_itself_when_gateways_fall_silent(engine, world, release, gateways, monkeypatch):
    one = begin(engine, world, release)
    work(engine, world, one, monkeypatch)
    with unit_of_work(engine, world.one) as session:
        silent = session.get_one(Gateway, (world.one, min(told(engine, world, one))))
        silent.state, silent.since = "offline", now() - choices.QUIET_AFTER - timedelta(seconds=1)
    work(engine, world, one, monkeypatch)
    with unit_of_work(engine, world.one) as session:
        last = queries.steps(session, one)[-1]
    assert (last.verb, last.why, last.numbers["quiet"]) == ("stopped", "quiet", 1)


def test_a_stopped_roll_out_resumes_in_spite_of_what_was_seen_and_stops_at_the_next(
    engine, world, release, gateways, monkeypatch
):
    one = begin(engine, world, release, Share(50), Share(100))
    work(engine, world, one, monkeypatch)
    first, second, *_ = sorted(told(engine, world, one))
    report(engine, world, first, release)
    work(engine, world, one, monkeypatch)
    with unit_of_work(engine, world.one) as session:
        services.steer(session, one, Deed.RESUME, world.omar.id)
    work(engine, world, one, monkeypatch)
    assert verbs(engine, world, one)[-1] == "resumed"
    report(engine, world, second, release)
    work(engine, world, one, monkeypatch)
    assert verbs(engine, world, one)[-1] == "stopped"


def test_paused_it_tells_nobody_and_resumed_it_goes_on(engine, world, release, gateways, monkeypatch):
    one = begin(engine, world, release)
    with unit_of_work(engine, world.one) as session:
        services.steer(session, one, Deed.PAUSE, world.omar.id)
    work(engine, world, one, monkeypatch)
    assert told(engine, world, one) == set()
    with unit_of_work(engine, world.one) as session:
        services.steer(session, one, Deed.RESUME, world.omar.id)
    work(engine, world, one, monkeypatch)
    assert len(told(engine, world, one)) == 2
    with unit_of_work(engine, world.one) as session, pytest.raises(NotNow):
        services.steer(session, one, Deed.RESUME, world.omar.id)
    assert verbs(engine, world, one)[-1] == "ring"


@pytest.mark.edge("EDGE-198", "A roll-out that is taken back lets every gateway it told return to what ran before.")
def test_going_back(engine, world, release, gateways, monkeypatch, maker):
    with outside(engine) as session:
        before = add(
            session, maker.folder / "1.0" if (maker.folder / "1.0").exists() else maker.release("1.0"), maker.keys
        )
    one = begin(engine, world, release, Share(100))
    work(engine, world, one, monkeypatch)
    run(engine, world, gateways[:5])
    with unit_of_work(engine, world.one) as session:
        services.steer(session, one, Deed.BACK, world.omar.id)
    work(engine, world, one, monkeypatch)
    assert told(engine, world, one, back=True) == told(engine, world, one)
    for gateway_id in gateways:
        wish = wanted(engine, world, gateway_id)
        assert (wish.version, wish.back, wish.url) == ("1.0", True, URL + before.manifest_sha256)
    assert verbs(engine, world, one)[-2:] == ["going_back", "gone_back"]


def test_two_roll_outs_do_not_cross(engine, world, release):
    begin(engine, world, release)
    with unit_of_work(engine, world.one) as session, pytest.raises(OneAtATime):
        services.begin(session, release, url=URL, **ABOUT, by=world.omar.id)
    with unit_of_work(engine, world.one) as session:
        assert len(queries.rollouts(session)) == 1


def test_the_other_chain_has_no_part_in_it(engine, world, release, gateways, monkeypatch):
    one = begin(engine, world, release)
    work(engine, world, one, monkeypatch)
    assert (world.one, one) in queries.due(engine)
    with unit_of_work(engine, world.two) as session:
        assert queries.rollouts(session) == []
        assert shadow.wanted(session, world.mill.sender.gateway_id)[0].software is None


def test_one_worker_at_a_time(engine, world, release, gateways):
    one = begin(engine, world, release)
    with unit_of_work(engine, world.one) as session:
        assert queries.hold(session, one) is True
        assert tasks.step(engine, world.one, one) is False
    assert tasks.step(engine, world.one, one) is True


def test_a_release_is_kept_with_its_bytes_and_once(engine, two, maker, release):
    with outside(engine) as session:
        again = add(session, two, maker.keys)
        packed = next(two.glob("*.tar.gz")).read_bytes()
        digest = hashlib.sha256(packed).hexdigest()
        kept = session.scalars(select(Piece.data).where(Piece.sha256 == digest).order_by(Piece.number)).all()
    assert (again.id, b"".join(kept)) == (release.id, packed)


def spoiled(folder, tmp_path, name, change):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes(change((copy / name).read_bytes()))
    return copy


@pytest.mark.edge("EDGE-199", "The cloud takes in no release whose signature or archive is not what its maker signed.")
@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        (SIGNATURE, lambda data: bytes(64), "unsigned"),
        (MANIFEST, lambda data: data.replace(b"3.0", b"3.1"), "unsigned"),
        ("emmetra-3.0.tar.gz", lambda data: data + b"?", "damaged"),
        ("emmetra-3.0.tar.gz", lambda data: data[:-1] + b"?", "damaged"),
    ],
)
def test_what_is_not_as_it_was_signed_is_refused(engine, maker, tmp_path, name, change, code):
    made = maker.folder / "3.0" if (maker.folder / "3.0").exists() else maker.release("3.0")
    folder = spoiled(made, tmp_path, name, change)
    with pytest.raises(ReleaseRefused) as refusal, outside(engine) as session:
        add(session, folder, maker.keys)
    assert refusal.value.code == code
    with outside(engine) as session:
        assert session.scalars(select(Release).where(Release.version.in_(["3.0", "3.1"]))).all() == []


def test_a_cloud_without_keys_takes_nothing_in(engine, two, tmp_path):
    for keys in (None, tmp_path):
        with pytest.raises(ReleaseRefused) as refusal, outside(engine) as session:
            add(session, two, keys)
        assert refusal.value.code == "no_keys"


def test_nobody_changes_a_release(engine, release):
    for statement in ("UPDATE releases_release SET version = 'x'", "DELETE FROM releases_piece"):
        with pytest.raises(Exception, match="permission denied") as refusal, outside(engine) as session:
            session.execute(text(statement))
        assert "releases_" in str(refusal.value)
    assert Step.STARTED == "started"
