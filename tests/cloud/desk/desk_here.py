"""A practice at its desk: visits and requests for the tests of its pages, and what became of them."""

from sqlalchemy import event, select

from cloud.booking import listing, requests, services
from cloud.booking.models import Entry, Visit
from cloud.kernel.database import unit_of_work

HOSTILE = "<script>alert('x')</script>"


def work(engine, world):
    return unit_of_work(engine, world.one)


def booked(engine, practice, patient, hour, minute=0, **told):
    with work(engine, practice.world) as session:
        ask = practice.ask(told.pop("type_id", None))
        return services.book(session, ask, practice.at(hour, minute), patient, channel="desk", **told).id


def state(engine, practice, visit):
    with work(engine, practice.world) as session:
        return listing.one(session, visit).state


def latest(engine, practice):
    with work(engine, practice.world) as session:
        one = session.scalars(select(Visit).order_by(Visit.id.desc())).first()
        parts = listing.parts(session, [one.id])[one.id]
        return one, [part.resource_id for part in parts], {part.taken for part in parts}


def asked(client, address):
    """How many questions a page asks."""
    count, engine = [], client.application.extensions["emmetra.engine"]

    def one(*_said):
        count.append(1)

    client.get(address)
    event.listen(engine, "before_cursor_execute", one)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", one)
    return len(count)


def at(practice, hour, minute=0):
    return practice.at(hour, minute).isoformat().replace("+", "%2B")


def hold(client, practice, hour=9, **told):
    asked_for = {"type": practice.check, "time": practice.at(hour).isoformat(), "patient": practice.world.grace}
    return client.post("/booking/hold", data=asked_for | told)


def ask(engine, practice, patient, answers=(), **told):
    window = (practice.on, 9 * 60, 10 * 60)
    with work(engine, practice.world) as session:
        said = {"patient_id": patient, **told}
        return requests.ask(
            session, requests.Asked(practice.store, practice.check, (window,), answers=answers, **said)
        ).id


def entry(engine, practice):
    with work(engine, practice.world) as session:
        return session.scalars(select(Entry).order_by(Entry.id.desc())).first()
