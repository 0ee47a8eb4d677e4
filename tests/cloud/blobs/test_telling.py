"""Offers on their way: from a gateway over a real broker, and the answer back to it alone."""

from sqlalchemy import func, select, text

from cloud.blobs import services, tasks, telling, uploads
from cloud.blobs.models import Upload
from cloud.fleet import services as fleet
from cloud.kernel.database import unit_of_work
from protocols import envelope
from protocols.envelope.blobs import Answer
from tests.cloud.blobs.bringing import digest
from tests.cloud.blobs.rows_here import offer
from tests.cloud.ingest.quiet import nobody_elses
from tests.cloud.ingest.test_consumer import asked, broker, consumer, consuming, gateway, until

__all__ = ["broker", "consumer", "consuming", "gateway", "nobody_elses"]
DATA = b"a volume of a macula"


async def answered(gateway) -> Answer:
    message = await gateway.message(patience=30)
    assert message.retain is False
    return envelope.decode(Answer, message.payload)


async def test_an_offer_is_answered_with_a_ticket_and_what_is_there_with_have(engine, world, consumer, gateway):
    address = world.pier.address
    await gateway.subscribe(address.down("blob"))
    await gateway.publish(address.up("blob"), offer(DATA))
    told = await answered(gateway)
    assert (told.sha256, told.state, told.offset, len(told.ticket)) == (digest(DATA), "send", 0, 43)

    with unit_of_work(engine, world.one) as session:
        services.put(session, DATA, "application/dicom")
    await gateway.publish(address.up("blob"), offer(DATA))
    assert (await answered(gateway)).state == "have"
    await until(engine, world.one, select(func.count(Upload.id)), 0)


async def test_nonsense_is_no_offer_and_what_comes_after_it_is_answered(engine, world, consumer, gateway):
    address = world.pier.address
    await gateway.subscribe(address.down("blob"))
    for nonsense in (b"", b"{", offer(DATA).replace(b'"bytes":20', b'"bytes":-1'), offer(DATA, "no media type")):
        await gateway.publish(address.up("blob"), nonsense)
    await gateway.publish(address.up("blob"), offer(b"other bytes"))
    assert (await answered(gateway)).sha256 == digest(b"other bytes")
    assert asked(engine, world.one, select(func.min(Upload.sha256))) == digest(b"other bytes")
    assert asked(engine, world.one, select(func.count(Upload.id))) == 1


def test_a_gateway_that_may_hear_nothing_is_told_nothing(engine, world):
    gateway_id = world.pier.sender.gateway_id
    with unit_of_work(engine, world.one) as session:
        uploads.offered(session, gateway_id, offer(DATA))
        fleet.set_status(session, gateway_id, "revoked")
        upload = session.scalars(select(Upload)).one()
        assert telling.letter(session, upload.id, "https://cloud.example") is None
        assert (upload.due, upload.ticket) == (False, None)


def test_an_offer_while_somebody_works_on_the_upload_waits_for_nobody(engine, world):
    gateway_id = world.pier.sender.gateway_id
    with unit_of_work(engine, world.one) as session:
        uploads.offered(session, gateway_id, offer(DATA))
    with unit_of_work(engine, world.one) as working:
        upload = working.scalars(select(Upload).with_for_update()).one()
        with unit_of_work(engine, world.one) as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            uploads.offered(session, gateway_id, offer(DATA))
            assert telling.letter(session, upload.id, "") is None


def test_the_worker_looks_now_and_then_only(engine, monkeypatch):
    asked_for = []
    monkeypatch.setattr(tasks.queries, "stale", lambda *words: asked_for.append(words) or [])
    monkeypatch.setattr(tasks, "_looked", [-tasks.EVERY_S])
    assert [tasks.work(engine), tasks.work(engine)] == [False, False]
    assert len(asked_for) == 1
