"""What may go into a phoropter, and what never may."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from cloud.fleet.errors import NoSuchPhoropter, OrderUnderWay
from cloud.fleet.models import Instrument, Order
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people.errors import NoSuchPatient
from cloud.readings import intake, queries, sending, services
from cloud.readings.choices import Verdict
from cloud.readings.errors import NoSuchReading, NotSendable, TwoOfAKind
from tests.cloud.people_here import World
from tests.cloud.readings.parcels_here import Line, Outbox

LENS = {"kind": "lensmetry", "right": {"sphere": "-2.125", "cylinder": "-0.50", "axis": 90}}


@pytest.fixture
def outbox(world: World) -> Outbox:
    return Outbox(world.pier)


def take(engine: Engine, world: World, outbox: Outbox, *lines: Line) -> None:
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(outbox.capture(), *lines)])


def send(engine: Engine, world: World, *lines: Line, **told: int) -> None:
    asked = {"patient_id": world.grace, "store_id": world.pier.id, "instrument_id": world.pier.phoropter}
    with unit_of_work(engine, world.one) as session:
        sending.send(session, **(asked | told), reading_ids=[line.id for line in lines], by=world.alice.id)


def orders(engine: Engine, world: World) -> list[Order]:
    with unit_of_work(engine, world.one) as session:
        return list(session.scalars(select(Order).order_by(Order.id)))


def test_an_order_holds_the_readings_whose_they_are_and_where_to(engine, world, outbox):
    lens, eyes = outbox.reading("R-1", **LENS), outbox.reading("R-1", condition="day")
    take(engine, world, outbox, lens, eyes)
    send(engine, world, lens, eyes)

    (order,) = orders(engine, world)
    args = json.loads(order.args)
    assert (args["dev"], args["patient_id"]) == ("rt", "R-1")
    assert [one["reading_id"] for one in args["readings"]] == [str(lens.id), str(eyes.id)] == order.readings
    assert args["readings"][0]["right"] == LENS["right"]
    assert "patient_ref" not in args["readings"][0]
    assert (order.state, order.patient_id, order.asked_by) == ("queued", world.grace, world.alice.id)
    assert timedelta(0) < order.deadline - now() <= timedelta(seconds=25)


def test_who_sent_what_for_whom_is_in_the_audit_trail(engine, world, outbox):
    lens = outbox.reading("R-1", **LENS)
    take(engine, world, outbox, lens)
    send(engine, world, lens)
    with unit_of_work(engine, world.one) as session:
        entry = session.scalars(select(Entry).where(Entry.verb == "to_phoropter")).one()

    assert (entry.staff_id, entry.subject_kind, entry.subject_id) == (world.alice.id, "patient", str(world.grace))
    assert entry.details["readings"] == [str(lens.id)]
    assert entry.details["instrument"] == world.pier.phoropter


def test_what_is_rejected_or_anothers_or_nobodys_is_never_sent(engine, world, outbox):
    rejected, hers, nobodys = outbox.reading("R-1"), outbox.reading("R-2"), outbox.reading()
    take(engine, world, outbox, rejected, hers, nobodys)
    with unit_of_work(engine, world.one) as session:
        services.decide(
            session, reading_id=rejected.id, patient_id=world.grace, verdict=Verdict.REJECTED, by=1, why="blink"
        )
    good = outbox.reading("R-1", **LENS)
    take(engine, world, outbox, good)
    for bad in (rejected, hers, nobodys):
        with pytest.raises(NotSendable):
            send(engine, world, good, bad)
    with pytest.raises(NotSendable):
        send(engine, world)
    assert orders(engine, world) == []


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "tonometry", "right": {"iop_mmhg": "15"}},
        {"kind": "subjective_refraction", "stage": "subjective", "right": {"sphere": "-1.00"}},
        {"kind": "subjective_refraction", "stage": "unaided", "right": {"va": "0.2"}},
        {"kind": "subjective_refraction", "stage": "final", "distance": "near", "right": {"sphere": "-1.00"}},
    ],
)
def test_what_a_phoropter_has_no_place_for_is_not_sent(engine, world, outbox, said):
    reading = outbox.reading("R-1", **said)
    take(engine, world, outbox, reading)
    with pytest.raises(NotSendable):
        send(engine, world, reading)


@pytest.mark.parametrize("stage", ["final", "previous", "lensmeter", "autorefraction"])
def test_an_earlier_prescription_is_sent(engine, world, outbox, stage):
    reading = outbox.reading("R-1", kind="subjective_refraction", stage=stage, distance="far")
    take(engine, world, outbox, reading)
    send(engine, world, reading)

    assert [order.readings for order in orders(engine, world)] == [[str(reading.id)]]


def test_two_of_a_kind_are_refused_and_day_and_night_are_two_kinds(engine, world, outbox):
    day, again, night = (outbox.reading("R-1", condition=light) for light in ("day", "day", "night"))
    take(engine, world, outbox, day, again, night)
    with pytest.raises(TwoOfAKind):
        send(engine, world, day, again)
    send(engine, world, day, night)


def test_only_a_phoropter_of_this_store_is_sent_to(engine, world, outbox):
    reading = outbox.reading("R-1")
    take(engine, world, outbox, reading)
    with unit_of_work(engine, world.one) as session:
        others = session.scalars(select(Instrument.id).where(Instrument.dev == "ar-1")).all()
    for instrument in (*others, world.hill.phoropter, world.mill.phoropter):
        with pytest.raises(NoSuchPhoropter):
            send(engine, world, reading, instrument_id=instrument)
    assert orders(engine, world) == []


def test_another_chains_patient_and_reading_are_not_found(engine, world, outbox):
    hidden, ours = Outbox(world.mill), outbox.reading("R-1")
    theirs = hidden.reading("R-1")
    with unit_of_work(engine, world.two) as session:
        intake.take(session, world.two, [hidden.parcel(theirs)])
    take(engine, world, outbox, ours)
    with pytest.raises(NoSuchReading):
        send(engine, world, theirs)
    with pytest.raises(NoSuchPatient):
        send(engine, world, ours, patient_id=world.mary)


def test_a_second_order_to_the_same_phoropter_waits_for_the_first(engine, world, outbox):
    reading, other = outbox.reading("R-1"), outbox.reading("R-2")
    take(engine, world, outbox, reading, other)
    send(engine, world, reading)
    with pytest.raises(OrderUnderWay):
        send(engine, world, other, patient_id=world.per)
    with unit_of_work(engine, world.one) as session:
        session.scalars(select(Order)).one().state = "failed"
    send(engine, world, other, patient_id=world.per)

    assert [order.state for order in orders(engine, world)] == ["failed", "queued"]


def test_what_is_offered_first_is_the_newest_lens_and_the_newest_by_day_of_today(engine, world):
    old = Outbox(world.pier, at=now() - timedelta(days=1))
    early, late = Outbox(world.pier, at=now() - timedelta(minutes=5)), Outbox(world.pier)
    yesterday = old.reading("R-1", **LENS)
    lens, eyes = early.reading("R-1", **LENS), early.reading("R-1", condition="day")
    newer, night = late.reading("R-1", **LENS), late.reading("R-1", condition="night")
    for outbox, lines in ((old, [yesterday]), (early, [lens, eyes]), (late, [newer, night])):
        take(engine, world, outbox, *lines)
    with unit_of_work(engine, world.one) as session:
        shown = queries.of_patient(session, world.grace)

    assert sending.proposed(shown, now() - timedelta(hours=1)) == [newer.id, eyes.id]


def test_a_refusal_leaves_no_trace(engine, world, outbox, sign_in):
    hers = outbox.reading("R-2")
    take(engine, world, outbox, hers)
    answer = sign_in(world.alice).post(
        f"/patients/{world.grace}/phoropter?instrument={world.pier.phoropter}&reading={hers.id}"
    )

    assert answer.status_code == 409
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 0
        assert session.scalar(select(func.count()).select_from(Entry).where(Entry.verb == "to_phoropter")) == 0


def test_bob_of_the_other_store_cannot_send_to_this_one(engine, world, outbox, sign_in):
    reading = outbox.reading("R-1")
    take(engine, world, outbox, reading)
    address = f"/patients/{world.grace}/phoropter?instrument={world.pier.phoropter}&reading={reading.id}"

    assert sign_in(world.bob).post(address).status_code == 404
    assert orders(engine, world) == []


def test_the_page_says_how_far_it_is_and_offers_another_try(engine, world, outbox, sign_in):
    reading = outbox.reading("R-1")
    take(engine, world, outbox, reading)
    client = sign_in(world.alice)
    assert "Send to phoropter" in client.get(f"/patients/{world.grace}").get_data(as_text=True)
    client.post(f"/patients/{world.grace}/phoropter?instrument={world.pier.phoropter}&reading={reading.id}")
    assert "Queued" in client.get(f"/patients/{world.grace}/phoropter/orders").get_data(as_text=True)

    with unit_of_work(engine, world.one) as session:
        order = session.scalars(select(Order)).one()
        order.state, order.why = "failed", "no answer from the phoropter in 10 s"
    page = client.get(f"/patients/{world.grace}/phoropter/orders").get_data(as_text=True)
    assert "no answer from the phoropter in 10 s" in page
    assert f"instrument={world.pier.phoropter}&amp;reading={reading.id}" in page


def test_a_card_offers_to_send_only_what_may_be_sent_and_not_where_somebody_else_sits(engine, world, outbox, sign_in):
    reading, pressure = outbox.reading("R-1"), outbox.reading("R-1", kind="tonometry", right={"iop_mmhg": "15"})
    take(engine, world, outbox, reading, pressure)
    client, send_it = sign_in(world.alice), f"&amp;reading={reading.id}"
    page = client.get(f"/patients/{world.grace}").get_data(as_text=True)
    assert send_it in page
    assert f"&amp;reading={pressure.id}" not in page

    client.post(f"/patients/{world.per}/seat?lane=Lane+1")
    page = client.get(f"/patients/{world.grace}").get_data(as_text=True)
    assert send_it not in page
    assert "Per Lindqvist sits there" in page
