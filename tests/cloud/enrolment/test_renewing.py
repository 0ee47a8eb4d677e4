"""The next certificate, and what a gateway is called after it has moved."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cloud.enrolment import authority, issuing, queries, renewing, revoking, rules, services
from cloud.enrolment.choices import Why
from cloud.enrolment.errors import NameTaken, NoSuchGateway, NoSuchStore
from cloud.enrolment.models import Certificate, Passage
from cloud.fleet import commands
from cloud.fleet import queries as fleet
from cloud.ingest.addresses import AddressBook
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.readings import intake
from cloud.readings.models import Cursor
from cloud.shadow import services as shadow
from protocols.envelope import Address
from protocols.envelope.desired import Wanted
from tests.cloud.enrolment.boxes_here import Box, claimed, enrolled
from tests.cloud.readings.parcels_here import Outbox


@pytest.fixture
def box(cloud, engine, world) -> Box:
    return enrolled(cloud, engine, world.pier, world.omar)


def gateway_of(engine, world, slug="gw-9", store=None):
    with unit_of_work(engine, world.one) as session:
        return fleet.gateway_named(session, (store or world.pier).id, slug)


def certificates(engine, world):
    with unit_of_work(engine, world.one) as session:
        return session.scalars(select(Certificate).order_by(Certificate.id)).all()


@pytest.mark.edge("EDGE-107", "A certificate is renewed by a signature of the old key; the old one stays as fallback.")
def test_the_old_key_asks_for_the_next_certificate(cloud, engine, world, box):
    fresh = Box()
    response = box.renew(cloud, fresh)

    assert (response.status_code, fresh.name) == (200, box.name)
    old, new = certificates(engine, world)
    assert (old.state, old.replaced_by, new.state, new.claim_id) == ("replaced", new.id, "active", None)
    assert queries.revoked(engine) == [] or old.serial_number not in {one.serial for one in queries.revoked(engine)}


def test_the_same_renewal_is_answered_the_same_way_again(cloud, engine, world, box):
    fresh = Box()
    first, second = box.renew(cloud, fresh), box.renew(cloud, fresh)
    assert (first.data, len(certificates(engine, world))) == (second.data, 2)


def test_who_fell_back_to_the_old_certificate_may_renew_it_with_another_key(cloud, engine, world, box):
    box.renew(cloud, Box())
    third = Box()
    assert (box.renew(cloud, third).status_code, third.name) == (200, box.name)
    assert [one.state for one in certificates(engine, world)] == ["replaced", "active", "active"]


def test_a_proof_by_another_key_is_refused(cloud, engine, world, box):
    thief = Box(issued=box.issued)
    refused = thief.renew(cloud, Box())
    assert (refused.status_code, len(certificates(engine, world))) == (400, 1)


def test_a_certificate_of_somebody_else_is_refused(cloud, engine, world, box, tmp_path):
    other = authority.found(tmp_path / "other", now())
    forged = Box()
    _, forged.issued["certificate"] = other.client(box.name, forged.key.public_key(), now(), 90)
    refused = forged.renew(cloud, Box())
    assert (refused.status_code, len(certificates(engine, world))) == (403, 1)


@pytest.mark.parametrize("wrong", [{"certificate": "x"}, {"proof": "AAAA"}, {"csr": "x"}, {"v": 3}])
def test_a_renewal_that_cannot_be_read_is_refused(cloud, engine, world, box, wrong):
    assert box.renew(cloud, Box(), **wrong).status_code == 400
    assert len(certificates(engine, world)) == 1


@pytest.mark.edge("EDGE-108", "A revoked gateway renews nothing, nor does one whose certificate is long over.")
def test_a_revoked_gateway_renews_nothing(cloud, engine, world, box):
    with unit_of_work(engine, world.one) as session:
        revoking.revoke(session, gateway_of(engine, world).id, by=world.omar.id, why=Why.STOLEN)
    refused = box.renew(cloud, Box())

    assert (refused.status_code, len(certificates(engine, world))) == (403, 1)
    assert "revoked" in json.loads(refused.data)["why"]


@pytest.mark.parametrize(("over", "status"), [(timedelta(days=29), 200), (timedelta(days=31), 403)])
def test_how_long_after_its_end_a_certificate_may_be_renewed(cloud, engine, world, box, monkeypatch, over, status):
    end = certificates(engine, world)[0].not_after
    monkeypatch.setattr(renewing, "now", lambda: end + over)
    assert box.renew(cloud, Box()).status_code == status


def test_a_box_in_a_loop_is_slowed(cloud, engine, world, box, monkeypatch):
    monkeypatch.setattr(issuing, "CERTIFICATES_A_DAY", 2)
    assert [box.renew(cloud, Box()).status_code for _ in range(2)] == [200, 429]
    assert len(certificates(engine, world)) == 2


def test_two_thirds_of_a_life():
    began = now()
    assert rules.renew_after(began, began + timedelta(days=90)) == began + timedelta(days=60)


@pytest.mark.edge("EDGE-113", "A gateway that moves keeps its row numbers, and its next certificate has the new name.")
def test_a_moved_gateway_is_heard_under_both_names_and_keeps_its_cursor(cloud, engine, world, box):
    gateway, outbox = gateway_of(engine, world), Outbox(world.pier)
    book = AddressBook(engine)
    before = book.sender(Address.of(box.name))
    outbox_sender = before
    parcel = outbox.parcel(outbox.reading())
    parcel.sender = outbox_sender
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [parcel])
        revoking.move(session, gateway.id, world.hill.id, by=world.omar.id)
    fresh = Box()
    box.renew(cloud, fresh)

    old = AddressBook(engine).sender(Address.of(box.name))
    new = AddressBook(engine).sender(Address.of(fresh.name))
    assert fresh.name == f"{world.hill.address.tenant}/hill/gw-9"
    # what it says under the old name was read in the old store
    assert (old.gateway_id, old.store_id) == (gateway.id, world.pier.id)
    assert (new.gateway_id, new.store_id) == (gateway.id, world.hill.id)
    later = outbox.parcel(outbox.reading())
    later.sender = new
    with unit_of_work(engine, world.one) as session:
        ((_, safe),) = intake.take(session, world.one, [later]).items()
        assert (safe.hwm, safe.gaps) == (2, ())
        assert len(session.scalars(select(Cursor).where(Cursor.gateway_id == gateway.id)).all()) == 1
        assert [one.verb for one in queries.passages(session, gateway.id)] == ["renewed", "moved", "enrolled"]


def test_what_was_read_stays_where_it_was_read(cloud, engine, world, box):
    with unit_of_work(engine, world.one) as session:
        revoking.move(session, gateway_of(engine, world).id, world.hill.id, by=world.omar.id)
        where = text(
            "SELECT count(*) FROM fleet_instrument i JOIN fleet_gateway g ON g.id = i.gateway_id "
            "AND g.tenant_id = i.tenant_id WHERE g.slug = 'gw-9' AND i.store_id <> :hill"
        )
        assert session.scalar(where, {"hill": world.hill.id}) == 0


def test_a_revoked_gateway_is_unknown_under_every_name(cloud, engine, world, box):
    gateway = gateway_of(engine, world)
    with unit_of_work(engine, world.one) as session:
        revoking.move(session, gateway.id, world.hill.id, by=world.omar.id)
        revoking.revoke(session, gateway.id, by=world.omar.id, why=Why.LOST)
    book = AddressBook(engine)
    names = (box.name, f"{world.hill.address.tenant}/hill/gw-9")
    assert [book.sender(Address.of(name)) for name in names] == [None, None]


def test_a_name_that_a_good_certificate_carries_is_given_to_nobody_else(cloud, engine, world, box):
    with unit_of_work(engine, world.one) as session:
        revoking.move(session, gateway_of(engine, world).id, world.hill.id, by=world.omar.id)
    with pytest.raises(NameTaken):
        claimed(engine, world.pier, world.omar)


def test_a_gateway_moves_neither_onto_a_name_nor_to_another_chain(cloud, engine, world, box):
    gateway = gateway_of(engine, world)
    enrolled(cloud, engine, world.hill, world.omar)
    for store, refusal in ((world.hill.id, NameTaken), (world.mill.id, NoSuchStore)):
        with pytest.raises(refusal), unit_of_work(engine, world.one) as session:
            revoking.move(session, gateway.id, store, by=world.omar.id)
    with pytest.raises(NoSuchGateway), unit_of_work(engine, world.two) as session:
        revoking.move(session, gateway.id, world.mill.id, by=world.charlie.id)
    assert gateway_of(engine, world).store_id == world.pier.id


def test_a_claim_moves_the_box_that_uses_it(cloud, engine, world, box):
    gateway = gateway_of(engine, world)
    with unit_of_work(engine, world.one) as session:
        _, code = services.claim_move(session, gateway_id=gateway.id, store_id=world.hill.id, by=world.omar.id)
    assert gateway_of(engine, world).store_id == world.pier.id
    assert box.enrol(cloud, code).status_code == 200

    assert box.name == f"{world.hill.address.tenant}/hill/gw-9"
    assert gateway_of(engine, world, store=world.hill).id == gateway.id
    assert [one.state for one in certificates(engine, world)] == ["replaced", "active"]


@pytest.mark.edge("EDGE-109", "A replacement box gets the lost one's name, and the lost one's certificate is revoked.")
def test_a_replacement_revokes_what_the_lost_box_has(cloud, engine, world, box):
    gateway, fresh = gateway_of(engine, world), Box("EMB-0002")
    with unit_of_work(engine, world.one) as session:
        _, code = services.claim_replacement(session, gateway_id=gateway.id, by=world.omar.id)
    assert [one.state for one in certificates(engine, world)] == ["active"]
    assert fresh.enrol(cloud, code).status_code == 200

    old, new = certificates(engine, world)
    assert (fresh.name, new.gateway_id) == (box.name, gateway.id)
    assert (old.state, old.why, new.state) == ("revoked", "replaced_box", "active")
    assert old.serial_number in {one.serial for one in queries.revoked(engine)}
    assert box.renew(cloud, Box()).status_code == 403
    assert AddressBook(engine).sender(Address.of(fresh.name)).gateway_id == gateway.id


def test_a_replacement_brings_a_revoked_gateway_back(cloud, engine, world, box):
    gateway = gateway_of(engine, world)
    with unit_of_work(engine, world.one) as session:
        revoking.revoke(session, gateway.id, by=world.omar.id, why=Why.LOST)
    with unit_of_work(engine, world.one) as session:
        _, code = services.claim_replacement(session, gateway_id=gateway.id, by=world.omar.id)
    assert Box().enrol(cloud, code).status_code == 200
    assert gateway_of(engine, world).status == "enrolled"
    with unit_of_work(engine, world.one) as session:
        verbs = session.scalars(select(Passage.verb).where(Passage.gateway_id == gateway.id).order_by(Passage.id)).all()
    assert verbs == ["enrolled", "revoked", "replaced_box"]


@pytest.mark.edge("EDGE-118", "A gateway that moved is told so under its old name, also when it was away at the time.")
def test_a_moved_gateway_is_told_to_renew_under_its_old_name(cloud, engine, world, box):
    gateway, old = gateway_of(engine, world), Address.of(box.name)
    with unit_of_work(engine, world.one) as session:
        revoking.move(session, gateway.id, world.hill.id, by=world.omar.id)
        (first,) = commands.page(session, gateway.id)[0]
        assert (first.verb, fleet.letter(session, first)[0]) == ("renew", old.down("cmd", first.command_id))
        commands.cancel(session, gateway.id, first.id, by=world.omar.id)
        revoking.spoke_under_old_name(session, gateway.id, world.pier.id)
        revoking.spoke_under_old_name(session, gateway.id, world.pier.id)  # one order at a time
        revoking.spoke_under_old_name(session, gateway.id, world.hill.id)  # it knows
        found = [
            (one.verb, one.asked_by, fleet.letter(session, one)[0]) for one in commands.page(session, gateway.id)[0]
        ]
        again = commands.page(session, gateway.id)[0][0].command_id
    assert found[0] == ("renew", world.omar.id, old.down("cmd", again))
    assert len(found) == 2


def test_the_first_configuration_comes_with_the_certificate(cloud, engine, world):
    with unit_of_work(engine, world.one) as session:
        gateway = fleet.gateway_named(session, world.pier.id, "gw-1")
        shadow.want(session, gateway_id=gateway.id, doc=Wanted(language="zh"), base_version=0, by=world.omar.id)
        _, code = services.claim_replacement(session, gateway_id=gateway.id, by=world.omar.id)
    box = Box()
    box.enrol(cloud, code)
    assert (box.issued["config"], box.issued["config_version"]) == ({"language": "zh"}, 1)
