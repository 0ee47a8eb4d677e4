"""The pages of releases, and what gateways fetch."""

import hashlib
import re
from io import BytesIO

import pytest
from sqlalchemy import select

from cloud.fleet.models import Gateway, Happening
from cloud.kernel.clock import now
from cloud.kernel.database import outside, unit_of_work
from cloud.releases import api, queries, services
from cloud.releases.models import Release
from cloud.releases.rules import Share
from protocols.envelope.release import MANIFEST, SIGNATURE
from tests.cloud.releases.test_rollouts import ABOUT, URL, gateways, maker, release, tasks, two
from tests.cloud.test_views import queries_for

__all__ = ["gateways", "maker", "release", "two"]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def keyed(app, maker):
    app.config["RELEASE_KEYS"] = str(maker.keys)
    yield app
    app.config["RELEASE_KEYS"] = None


def upload(page, folder, *names):
    opened = [(BytesIO((folder / name).read_bytes()), name) for name in names or [one.name for one in folder.iterdir()]]
    return page.post("/fleet/releases", data={"files": opened})


def test_a_signed_release_is_brought_by_page(keyed, engine, world, sign_in, maker):
    made = maker.release("4.0")
    answer = upload(sign_in(world.omar), made)
    assert answer.status_code == 303
    page = sign_in(world.omar).get("/fleet/releases").get_data(as_text=True)
    assert re.search(r">4\.0<", page)
    assert "linux-aarch64 (Python 3." in page


def test_a_release_without_a_good_signature_is_refused_beside_the_field(keyed, engine, world, sign_in, maker):
    made = maker.release("5.0")
    (made / SIGNATURE).write_bytes(bytes(64))
    answer = upload(sign_in(world.omar), made)
    assert answer.status_code == 422
    assert "The signature is not by a key this cloud knows." in answer.get_data(as_text=True)
    assert 'id="files-error"' in answer.get_data(as_text=True)
    with outside(engine) as session:
        assert session.scalars(select(Release).where(Release.version == "5.0")).all() == []


def test_a_manifest_alone_is_not_enough(keyed, world, sign_in, maker):
    made = maker.release("6.0")
    answer = upload(sign_in(world.omar), made, MANIFEST, SIGNATURE)
    assert answer.status_code == 422
    assert "The archive emmetra-6.0.tar.gz is missing." in answer.get_data(as_text=True)


def started(engine, world, release):
    with unit_of_work(engine, world.one) as session:
        services.set_rings(session, [Share(100)], world.omar.id)
        return services.begin(session, release, url=URL + "x", **ABOUT, by=world.omar.id).id


def test_a_roll_out_is_started_and_steered_by_page(engine, world, sign_in, release, gateways):
    page = sign_in(world.omar)
    begun = page.post(f"/fleet/releases/{release.id}/roll-out", data={**ABOUT, "soak_minutes": "30"})
    where = begun.headers["Location"]
    assert begun.status_code == 303
    with unit_of_work(engine, world.one) as session:
        one = queries.rollouts(session)[0][0]
        assert one.url.endswith(f"/gateways/v1/releases/{release.manifest_sha256}")
        assert (one.soak_minutes, one.started_by) == (30, world.omar.id)
    for deed, word in (("pause", "Paused"), ("resume", "Rolling out"), ("stop", "Stopped"), ("back", "Going back")):
        assert page.post(f"{where}/{deed}").status_code == 303
        assert word in page.get(where).get_data(as_text=True)


@pytest.mark.parametrize(("name", "value"), [("soak_minutes", "0"), ("fail_percent", "101"), ("quiet_percent", "five")])
def test_limits_that_cannot_be(engine, world, sign_in, release, name, value):
    answer = sign_in(world.omar).post(f"/fleet/releases/{release.id}/roll-out", data={**ABOUT, name: value})
    assert answer.status_code == 422
    assert "Write a whole number from" in answer.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert queries.rollouts(session) == []


def test_who_failed_and_why_is_on_the_page(engine, world, sign_in, release, gateways):
    one = started(engine, world, release)
    while tasks.step(engine, world.one, one):
        pass
    data = {"version": "2.0", "manifest_sha256": release.manifest_sha256, "why": EVIL}
    with unit_of_work(engine, world.one) as session:
        about = {"event_id": "e", "code": "update_returned", "text": "back", "data": data}
        session.add(Happening(gateway_id=gateways[0], at=now(), **about))
    tasks.step(engine, world.one, one)
    page = sign_in(world.omar).get(f"/fleet/roll-outs/{one}").get_data(as_text=True)
    assert "1 of 12 went back or refused" in page
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    tab = sign_in(world.omar).get(f"/fleet/{gateways[0]}/software").get_data(as_text=True)
    assert "Did not hold; went back" in tab
    assert EVIL not in tab


def test_looking_is_not_steering(engine, world, sign_in, release, gateways):
    one = started(engine, world, release)
    page = sign_in(world.alice).get(f"/fleet/roll-outs/{one}").get_data(as_text=True)
    assert "Go back" not in page
    assert sign_in(world.alice).post(f"/fleet/roll-outs/{one}/stop").status_code == 403
    assert sign_in(world.charlie).get(f"/fleet/roll-outs/{one}").status_code == 404
    with unit_of_work(engine, world.one) as session:
        assert [step.verb for step in queries.steps(session, one)] == ["started"]


def test_rings_are_set_by_page(engine, world, sign_in, gateways):
    page = sign_in(world.omar)
    strangers = str(world.mill.sender.gateway_id)
    answer = page.post("/fleet/rings", data={"percents": "5 100", "picked": [str(gateways[0]), strangers, "x"]})
    assert answer.status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert queries.rings(session) == (1, [Share(None, frozenset({gateways[0]})), Share(5), Share(100)])
    wrong = page.post("/fleet/rings", data={"percents": "50 10"})
    assert "rising shares from 1 to 100" in wrong.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert queries.rings(session)[0] == 1


def test_one_gateway_takes_a_release_by_itself(engine, world, sign_in, release, gateways):
    answer = sign_in(world.omar).post(f"/fleet/{gateways[0]}/software", data={"release": release.id})
    assert answer.status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert queries.wanted(session, gateways[0])[0] == "2.0"
        assert queries.wanted(session, gateways[1])[0] is None
    page = sign_in(world.omar).get(f"/fleet/{gateways[0]}/software").get_data(as_text=True)
    assert re.search(r"Shall run</dt><dd>2\.0", page)


@pytest.mark.parametrize("address", ["/fleet/releases", "/fleet/rings", "/fleet/roll-outs/{one}"])
def test_more_gateways_ask_no_more_of_the_database(app, engine, world, sign_in, release, address):
    from cloud.fleet import services as fleet

    one = started(engine, world, release)
    counted = set()
    for n in range(3):
        with unit_of_work(engine, world.one) as session:
            fleet.enrol(session, store_id=world.pier.id, slug=f"n-{n}")
        while tasks.step(engine, world.one, one):
            pass
        counted.add(queries_for(app, sign_in(world.omar), address.format(one=one)))
    assert len(counted) == 1


def test_hostile_names_are_text(engine, world, sign_in, release):
    with unit_of_work(engine, world.one) as session:
        session.scalars(select(Gateway)).first().software = EVIL
    page = sign_in(world.omar).get("/fleet/releases").get_data(as_text=True)
    assert EVIL not in page


def fetched(client, name, **headers):
    with client.get(f"/gateways/v1/releases/{name}", headers=headers) as answer:
        return answer.status_code, answer.data, answer.headers


@pytest.mark.edge("EDGE-200", "Gateways fetch manifest, signature and archives by digest, whole or in ranges.")
def test_what_gateways_fetch(app, release, two, monkeypatch, engine):
    client = app.test_client()
    manifest = (two / MANIFEST).read_bytes()
    packed = next(two.glob("*.tar.gz")).read_bytes()
    sha = hashlib.sha256(packed).hexdigest()
    assert fetched(client, release.manifest_sha256)[:2] == (200, manifest)
    assert fetched(client, release.manifest_sha256 + ".sig")[:2] == (200, (two / SIGNATURE).read_bytes())
    assert fetched(client, sha)[:2] == (200, packed)
    status, data, headers = fetched(client, sha, Range="bytes=100-")
    assert (status, data, headers["Content-Range"]) == (206, packed[100:], f"bytes 100-{len(packed) - 1}/{len(packed)}")
    assert fetched(client, sha, Range="bytes=10-19")[1] == packed[10:20]
    assert fetched(client, sha, Range=f"bytes={len(packed)}-")[0] == 416
    assert fetched(client, sha, Range="bytes=a-b")[:2] == (200, packed)
    assert "immutable" in headers["Cache-Control"]


@pytest.mark.parametrize("name", ["0" * 64, "x", "../" + "0" * 64, "0" * 64 + ".sig", "0" * 63])
def test_there_is_nothing_else_to_fetch(app, name):
    assert fetched(app.test_client(), name)[0] == 404


def test_an_archive_of_many_pieces_is_cut_where_it_was_asked(monkeypatch):
    whole = bytes(range(256)) * 40
    monkeypatch.setattr(api, "PIECE", 1000)
    pieces = [whole[at : at + 1000] for at in range(0, len(whole), 1000)]
    for first, last in ((0, len(whole) - 1), (999, 1000), (1500, 5000), (10_239, 10_239), (0, 0)):
        numbers = range(first // 1000, last // 1000 + 1)
        assert b"".join(api._cut(pieces[n], n, first, last) for n in numbers) == whole[first : last + 1]
