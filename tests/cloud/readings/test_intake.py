"""Rows go in once, whatever is repeated; progress says exactly what the database has."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.readings import intake, services
from cloud.readings.choices import LONGEST_SEAT
from cloud.readings.cursors import Progress
from cloud.readings.models import Capture, Cursor, DeadLetter, Filing, Reading, Seat
from cloud.readings.parcels import Parcel
from tests.cloud.people_here import Place, World
from tests.cloud.readings.parcels_here import RAW, Line, Outbox


@pytest.fixture
def outbox(world: World) -> Outbox:
    return Outbox(world.pier)


def take(engine: Engine, *parcels: Parcel) -> Progress:
    """Take the parcels in one transaction; the progress of the first."""
    sender = parcels[0].sender
    with unit_of_work(engine, sender.tenant_id) as session:
        progress = intake.take(session, sender.tenant_id, parcels)
    return progress[sender.gateway_id, parcels[0].epoch or 0]


def counts(engine: Engine, place: Place) -> dict[str, int]:
    with unit_of_work(engine, place.sender.tenant_id) as session:
        tables = (Reading, Capture, Filing, DeadLetter)
        return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def filings(engine: Engine, tenant_id: int, line: Line) -> list[tuple[int | None, str, str | None]]:
    with unit_of_work(engine, tenant_id) as session:
        query = select(Filing.patient_id, Filing.how, Filing.why).where(Filing.reading_id == line.id)
        return [tuple(row) for row in session.execute(query.order_by(Filing.id))]


def rows(readings: int = 0, captures: int = 0, filings: int = 0, dead: int = 0) -> dict[str, int]:
    return {
        "readings_reading": readings,
        "readings_capture": captures,
        "readings_filing": filings,
        "readings_dead_letter": dead,
    }


def test_a_reading_and_its_bytes_are_kept_as_they_came(engine, world, outbox):
    capture, reading = outbox.capture(), outbox.reading("R-1")
    progress = take(engine, outbox.parcel(capture, reading))

    assert progress == Progress(2)
    with unit_of_work(engine, world.one) as session:
        kept, bytes_ = session.scalars(select(Reading)).one(), session.scalars(select(Capture)).one()
    assert (kept.reading_id, kept.kind, kept.seq, kept.epoch) == (reading.id, "autorefraction", 2, outbox.epoch)
    assert (kept.store_id, kept.gateway_id) == (world.pier.id, world.pier.sender.gateway_id)
    assert (kept.captured_at, kept.clock_state, kept.clock_err_ms) == (outbox.at, "synced", 3)
    assert kept.body.encode() in outbox.batch(reading)
    assert (bytes_.data, bytes_.dialect, bytes_.why, bytes_.offset_at) == (RAW, "sample", None, None)


def test_an_offset_of_nothing_is_not_an_absent_one(engine, world, outbox):
    take(engine, outbox.parcel(outbox.capture().saying(offset=0), outbox.capture(b"").saying(why="nothing read")))

    with unit_of_work(engine, world.one) as session:
        found = session.execute(select(Capture.offset_at, Capture.data, Capture.why).order_by(Capture.seq)).all()
    assert [tuple(row) for row in found] == [(0, RAW, None), (None, b"", "nothing read")]


def test_the_same_parcel_twice_is_the_same_rows(engine, world, outbox):
    parcel = outbox.parcel(outbox.capture(), outbox.reading("R-1"), outbox.reading())
    first = take(engine, parcel)
    before = counts(engine, world.pier)

    assert take(engine, parcel) == first == Progress(3)
    assert counts(engine, world.pier) == before == rows(readings=2, captures=1, filings=1)


def test_the_same_parcel_twice_in_one_transaction_is_the_same_rows(engine, world, outbox):
    """A broker repeats what it had no answer for, and both copies may wait for the same commit."""
    line = outbox.reading("R-1")
    parcel = outbox.parcel(outbox.capture(), line)

    assert take(engine, parcel, parcel, parcel) == Progress(2)
    assert counts(engine, world.pier) == rows(readings=1, captures=1, filings=1)
    assert filings(engine, world.one, line) == [(world.grace, "record_number", None)]


@pytest.mark.edge(
    "EDGE-063",
    "A reading that comes again under a new number after a salvage is recognised and stored once.",
)
def test_a_salvaged_outbox_sends_old_readings_in_a_new_epoch_and_doubles_nothing(engine, world, outbox):
    line, later = outbox.reading("R-1"), Outbox(world.pier)
    take(engine, outbox.parcel(line))
    again = Line({**line.item, "seq": later.skip()}, line.id)

    assert take(engine, later.parcel(again, later.reading())) == Progress(2)
    assert counts(engine, world.pier) == rows(readings=2, filings=1)
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(Reading.epoch).where(Reading.reading_id == line.id)) == outbox.epoch


def test_a_salvaged_capture_is_recognised_by_the_moment_it_was_heard(engine, world, outbox):
    heard, same_bytes, later = outbox.capture(), outbox.capture(), Outbox(world.pier)
    take(engine, outbox.parcel(heard, same_bytes))
    again = Line({**heard.item, "seq": later.skip()})

    assert take(engine, later.parcel(again)) == Progress(1)
    assert counts(engine, world.pier) == rows(captures=2)


def test_a_salvaged_reading_in_the_same_transaction_is_doubled_neither(engine, world, outbox):
    line, later = outbox.reading("R-1"), Outbox(world.pier)
    again = Line({**line.item, "seq": later.skip()}, line.id)
    take(engine, outbox.parcel(line), later.parcel(again))

    assert counts(engine, world.pier) == rows(readings=1, filings=1)


def test_the_same_reading_id_in_another_chain_is_another_reading(engine, world, outbox):
    line = outbox.reading("R-1")
    theirs = Outbox(world.mill)
    take(engine, outbox.parcel(line))

    assert take(engine, theirs.parcel(line)) == Progress(1)
    assert filings(engine, world.one, line) == [(world.grace, "record_number", None)]
    assert filings(engine, world.two, line) == [(world.mary, "record_number", None)]


@pytest.mark.edge("EDGE-065", "A gap is remembered until it is filled, and closes when it is.")
def test_a_gap_shows_and_its_filling_closes_it(engine, world, outbox):
    first, lost, last = outbox.reading(), outbox.reading(), outbox.reading()

    assert take(engine, outbox.parcel(first)) == Progress(1)
    assert take(engine, outbox.parcel(last)).gaps == ((2, 2),)
    assert take(engine, outbox.parcel(lost)) == Progress(3)
    with unit_of_work(engine, world.one) as session:
        cursor = session.scalars(select(Cursor)).one()
    assert (cursor.hwm, cursor.ahead) == (3, [])


@pytest.mark.edge("EDGE-066", "Progress is never noted for readings whose transaction failed.")
def test_progress_is_dropped_with_the_transaction(engine, world, outbox):
    parcel = outbox.parcel(outbox.reading())
    with pytest.raises(InterruptedError), unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [parcel])
        raise InterruptedError

    assert counts(engine, world.pier) == rows()
    assert take(engine, parcel) == Progress(1)


@pytest.mark.edge("EDGE-064", "Two writers that take in the same readings at the same time leave each of them once.")
def test_two_writers_at_once_on_the_same_gateway_leave_every_row_once(engine, world, outbox):
    parcels = [outbox.parcel(outbox.capture(), outbox.reading("R-1"), outbox.reading("R-2")) for _ in range(12)]
    failures = list[Exception]()

    def write(mine: list[Parcel]) -> None:
        try:
            for parcel in mine:
                take(engine, parcel)
        except Exception as failure:
            failures.append(failure)

    orders = (parcels, parcels[::-1], parcels[6:] + parcels[:6])
    writers = [threading.Thread(target=write, args=(order,)) for order in orders]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)

    assert failures == []
    assert counts(engine, world.pier) == rows(readings=24, captures=12, filings=24)
    assert take(engine, parcels[0]) == Progress(36)


def test_parcels_of_several_gateways_go_in_together(engine, world, outbox):
    other = Outbox(world.hill)
    take(engine, outbox.parcel(outbox.reading()), other.parcel(other.reading()), outbox.parcel(outbox.reading()))

    with unit_of_work(engine, world.one) as session:
        found = {(c.gateway_id, c.epoch): c.hwm for c in session.scalars(select(Cursor))}
    assert found == {
        (world.pier.sender.gateway_id, outbox.epoch): 2,
        (world.hill.sender.gateway_id, other.epoch): 1,
    }


# Whose reading it is


def seat(engine: Engine, world: World, lane: str, patient: int, place: Place | None = None) -> None:
    with unit_of_work(engine, world.one) as session:
        services.seat(session, store_id=(place or world.pier).id, lane=lane, patient_id=patient, by=world.alice.id)


def leave(engine: Engine, world: World, lane: str) -> None:
    with unit_of_work(engine, world.one) as session:
        services.leave(session, store_id=world.pier.id, lane=lane, by=world.alice.id)


def filed(engine: Engine, world: World, number: str | None = None, **told: object) -> list[object]:
    """What becomes of a reading captured right now."""
    place = told.pop("place", world.pier)
    outbox = Outbox(place, at=told.pop("at", None) or now())  # type: ignore[arg-type]
    line = outbox.reading(number, dev=str(told.pop("dev", "ar-1"))).but(**told)
    take(engine, outbox.parcel(line))
    return list(filings(engine, place.sender.tenant_id, line))  # type: ignore[attr-defined]


def test_a_record_number_decides(engine, world):
    assert filed(engine, world, "R-1") == [(world.grace, "record_number", None)]


def test_without_a_number_the_chair_decides(engine, world):
    seat(engine, world, "Lane 1", world.per)
    assert filed(engine, world) == [(world.per, "chair", None)]


def test_an_empty_record_number_is_none(engine, world):
    seat(engine, world, "Lane 1", world.per)
    assert filed(engine, world, "") == [(world.per, "chair", None)]


def test_number_and_chair_agree(engine, world):
    seat(engine, world, "Lane 1", world.grace)
    assert filed(engine, world, "R-1") == [(world.grace, "record_number", None)]


def test_a_number_that_contradicts_the_chair_goes_to_the_tray_with_the_reason(engine, world):
    seat(engine, world, "Lane 1", world.per)
    assert filed(engine, world, "R-1") == [(None, "record_number", "chair_contradicts_record_number")]


@pytest.mark.parametrize("seated", [False, True])
def test_a_number_that_is_nobodys_goes_to_the_tray_with_the_reason(engine, world, seated):
    if seated:
        seat(engine, world, "Lane 1", world.per)
    assert filed(engine, world, "R-404") == [(None, "record_number", "unknown_record_number")]


def test_an_empty_chair_and_no_number_file_nothing(engine, world):
    assert filed(engine, world) == []


def test_a_reading_of_an_untimely_clock_is_not_the_chairs(engine, world):
    seat(engine, world, "Lane 1", world.per)
    unsure = {"clk": {"state": "coarse"}, "ts_gw": (now() + timedelta(seconds=8)).isoformat()}
    assert filed(engine, world, **unsure) == []
    assert filed(engine, world, "R-1", **unsure) == [(world.grace, "record_number", None)]


def test_an_undisciplined_clock_that_agrees_with_ours_is_believed(engine, world):
    seat(engine, world, "Lane 1", world.per)
    assert filed(engine, world, clk={"state": "coarse"}) == [(world.per, "chair", None)]


def test_what_was_measured_before_sitting_down_is_not_theirs(engine, world):
    before = now()
    seat(engine, world, "Lane 1", world.per)
    assert filed(engine, world, at=before) == []


def test_what_was_measured_after_leaving_is_not_theirs(engine, world):
    seat(engine, world, "Lane 1", world.per)
    seated = now()
    leave(engine, world, "Lane 1")

    assert filed(engine, world) == []
    assert filed(engine, world, at=seated) == [(world.per, "chair", None)]


def test_a_reading_that_was_on_the_way_belongs_to_who_sat_there_then(engine, world):
    seat(engine, world, "Lane 1", world.per)
    then = now()
    leave(engine, world, "Lane 1")
    seat(engine, world, "Lane 1", world.grace)

    assert filed(engine, world, at=then) == [(world.per, "chair", None)]
    assert filed(engine, world) == [(world.grace, "chair", None)]


def test_whoever_was_forgotten_in_the_chair_gets_nobody_elses_readings(engine, world):
    with unit_of_work(engine, world.one) as session:
        long_ago = now() - LONGEST_SEAT
        place = {"store_id": world.pier.id, "lane": "Lane 1", "patient_id": world.per, "seated_by": world.alice.id}
        session.add(Seat(**place, seated_at=long_ago))
    assert filed(engine, world) == []

    seat(engine, world, "Lane 1", world.grace)
    assert filed(engine, world) == [(world.grace, "chair", None)]


def test_another_lanes_chair_is_another_chair(engine, world):
    seat(engine, world, "Lane 2", world.per)
    assert filed(engine, world) == []
    assert filed(engine, world, dev="lm-1") == [(world.per, "chair", None)]


def test_another_stores_chair_is_another_chair(engine, world):
    seat(engine, world, "Lane 1", world.per, world.hill)
    assert filed(engine, world) == []
    assert filed(engine, world, place=world.hill) == [(world.per, "chair", None)]


def test_an_instrument_nobody_has_heard_of_has_no_chair(engine, world):
    seat(engine, world, "Lane 1", world.per)
    assert filed(engine, world, dev="xx-9") == []


def test_a_record_number_is_looked_for_in_its_own_chain_alone(engine, world):
    assert filed(engine, world, "R-1", place=world.mill) == [(world.mary, "record_number", None)]
    assert filed(engine, world, "R-2", place=world.mill) == [(None, "record_number", "unknown_record_number")]


def test_a_number_given_to_a_patient_later_moves_nothing(engine, world, outbox):
    line = outbox.reading("R-77")
    take(engine, outbox.parcel(line))
    with unit_of_work(engine, world.one) as session:
        people.register(session, record_number="R-77", family_name="Late")

    assert filings(engine, world.one, line) == [(None, "record_number", "unknown_record_number")]
