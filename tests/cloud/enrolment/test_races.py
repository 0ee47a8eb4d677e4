"""Two at once: whoever comes second waits for the first, and then finds what the first left."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from cloud.enrolment import revoking, services
from cloud.enrolment.choices import Why
from cloud.enrolment.errors import ClaimOver
from cloud.enrolment.models import Approval, Certificate, Claim
from cloud.fleet import queries as fleet
from cloud.kernel.database import unit_of_work
from tests.cloud.enrolment.boxes_here import Box, claimed, enrolled


def at_once(*deeds):
    """What came of deeds that began at the same moment."""
    gate = Barrier(len(deeds))

    def begun(deed):
        gate.wait(10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [one.result(30) for one in [pool.submit(begun, deed) for deed in deeds]]


def kept(engine, world, model):
    with unit_of_work(engine, world.one) as session:
        return session.scalars(select(model).order_by(model.id)).all()


@pytest.mark.edge("EDGE-117", "Of two boxes that use one claim at the same moment exactly one gets in.")
def test_two_boxes_with_one_claim(cloud, engine, world):
    _, code = claimed(engine, world.pier, world.omar)
    boxes = [Box() for _ in range(4)]
    answers = at_once(*(lambda box=box: box.enrol(cloud, code).status_code for box in boxes))

    assert sorted(answers) == [200, 409, 409, 409]
    (made,), (claim,) = kept(engine, world, Certificate), kept(engine, world, Claim)
    winner = boxes[answers.index(200)]
    assert (made.key_fingerprint, winner.issued["address"]) == (claim.key_fingerprint, made.address)


def test_one_box_that_asks_twice_at_once_gets_one_certificate(cloud, engine, world):
    box, (_, code) = Box(), claimed(engine, world.pier, world.omar)
    bodies = at_once(*(lambda: box.enrol(cloud, code).data for _ in range(4)))
    assert (len(set(bodies)), len(kept(engine, world, Certificate))) == (1, 1)


def test_a_renewal_that_is_asked_twice_at_once_gives_one_certificate(cloud, engine, world):
    box, fresh = enrolled(cloud, engine, world.pier, world.omar), Box()
    bodies = at_once(*(lambda: box.renew(cloud, fresh).data for _ in range(4)))
    assert (len(set(bodies)), len(kept(engine, world, Certificate))) == (1, 2)


def test_a_box_and_whoever_cancels(cloud, engine, world):
    claim, code = claimed(engine, world.pier, world.omar)

    def cancel():
        try:
            with unit_of_work(engine, world.one) as session:
                services.cancel(session, claim.id, by=world.omar.id)
        except ClaimOver:
            return "over"
        return "cancelled"

    status, ended = at_once(lambda: Box().enrol(cloud, code).status_code, cancel)
    assert (status, ended) in {(200, "over"), (410, "cancelled")}
    assert len(kept(engine, world, Certificate)) == (status == 200)


def test_two_who_answer_for_one_box(cloud, engine, world):
    with unit_of_work(engine, world.one) as session:
        services.set_policy(session, approval=True, by=world.olivia.id)
    claim, code = claimed(engine, world.pier, world.omar)
    Box().enrol(cloud, code)
    key = kept(engine, world, Claim)[0].key_fingerprint

    def answer(by, *, approved):
        try:
            with unit_of_work(engine, world.one) as session:
                services.approve(session, claim.id, by=by, key=key, approved=approved)
        except ClaimOver:
            return "late"
        return "approved" if approved else "rejected"

    deeds = (lambda: answer(world.olivia.id, approved=True), lambda: answer(world.omar.id, approved=False))
    answers = at_once(*deeds)
    assert sorted(answers) in (["approved", "late"], ["late", "rejected"])
    assert len(kept(engine, world, Approval)) == 1


def test_a_renewal_and_a_revocation(cloud, engine, world):
    """Whichever comes first, no certificate is left that is good."""
    box = enrolled(cloud, engine, world.pier, world.omar)
    with unit_of_work(engine, world.one) as session:
        gateway_id = fleet.gateway_named(session, world.pier.id, "gw-9").id

    def revoke():
        with unit_of_work(engine, world.one) as session:
            revoking.revoke(session, gateway_id, by=world.omar.id, why=Why.STOLEN)

    status, _ = at_once(lambda: box.renew(cloud, Box()).status_code, revoke)
    assert status in (200, 403)
    assert {one.state for one in kept(engine, world, Certificate)} == {"revoked"}
