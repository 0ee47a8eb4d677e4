"""Whose a reading is, what was decided of it, and who sits where: every step kept, none overwritten."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.ids import uuid7
from cloud.people.errors import NoSuchPatient
from cloud.readings import queries, services
from cloud.readings.choices import Verdict
from cloud.readings.errors import ChairTaken, NoSuchReading, NotFiled
from cloud.readings.models import Decision, Filing, Seat
from cloud.readings.queries import Shown
from tests.cloud.people_here import World
from tests.cloud.readings.parcels_here import RAW, Outbox


@pytest.fixture
def reading(arrive, outbox) -> UUID:
    line = outbox.reading()
    arrive(outbox, line)
    return line.id


def file(engine: Engine, world: World, reading: UUID, patient: int | None, **told: str) -> None:
    with unit_of_work(engine, world.one) as session:
        services.file(session, reading_id=reading, patient_id=patient, by=world.alice.id, **told)


def decide(engine: Engine, world: World, reading: UUID, patient: int, verdict: Verdict, **told: str) -> None:
    with unit_of_work(engine, world.one) as session:
        services.decide(session, reading_id=reading, patient_id=patient, verdict=verdict, by=world.alice.id, **told)


def shown(engine: Engine, world: World, reading: UUID) -> Shown:
    with unit_of_work(engine, world.one) as session:
        return queries.one(session, reading)


def everything(session: Session) -> list[tuple[object, ...]]:
    return [tuple(row) for table in (Filing, Decision, Seat, Entry) for row in session.execute(select(table.__table__))]


def charts(engine: Engine, world: World) -> dict[str, list[UUID]]:
    with unit_of_work(engine, world.one) as session:
        places = {name: queries.of_patient(session, getattr(world, name)) for name in ("grace", "per")}
        return {
            name: [one.id for one in some]
            for name, some in (*places.items(), ("tray", queries.tray(session, world.pier.id)))
        }


def test_a_reading_of_nobody_lies_in_the_tray(engine, world, reading):
    assert charts(engine, world) == {"grace": [], "per": [], "tray": [reading]}
    assert (shown(engine, world, reading).state, shown(engine, world, reading).patient_id) == ("unmatched", None)


def test_filing_moves_it_and_every_step_is_kept(engine, world, reading):
    file(engine, world, reading, world.grace)
    assert charts(engine, world) == {"grace": [reading], "per": [], "tray": []}
    file(engine, world, reading, world.per, why="wrong Grace")
    assert charts(engine, world) == {"grace": [], "per": [reading], "tray": []}
    file(engine, world, reading, None)
    assert charts(engine, world) == {"grace": [], "per": [], "tray": [reading]}

    with unit_of_work(engine, world.one) as session:
        kept = [(f.patient_id, f.how, f.by, f.why) for f in queries.filings_of(session, reading)]
    by = world.alice.id
    assert kept == [
        (world.grace, "person", by, None),
        (world.per, "person", by, "wrong Grace"),
        (None, "person", by, None),
    ]


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.REJECTED])
def test_a_decision_holds_until_it_is_taken_back(engine, world, reading, verdict):
    file(engine, world, reading, world.grace)
    assert shown(engine, world, reading).state == "proposed"
    decide(engine, world, reading, world.grace, verdict, why="because")
    found = shown(engine, world, reading)
    assert (found.state, found.decided_by, found.why) == (verdict, world.alice.id, "because")
    decide(engine, world, reading, world.grace, Verdict.PROPOSED)
    assert shown(engine, world, reading).state == "proposed"

    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Decision.verdict).order_by(Decision.id)).all() == [verdict, "proposed"]


def test_a_decision_belongs_to_its_filing_and_does_not_follow_the_reading(engine, world, reading):
    file(engine, world, reading, world.grace)
    decide(engine, world, reading, world.grace, Verdict.ACCEPTED)
    file(engine, world, reading, world.per)
    assert shown(engine, world, reading).state == "proposed"


def test_what_was_refiled_meanwhile_cannot_be_decided_for_the_former_patient(engine, world, reading):
    file(engine, world, reading, world.grace)
    file(engine, world, reading, world.per)
    with unit_of_work(engine, world.one) as session:
        before = everything(session)
    with pytest.raises(NotFiled):
        decide(engine, world, reading, world.grace, Verdict.ACCEPTED)
    with unit_of_work(engine, world.one) as session:
        assert everything(session) == before


def test_a_reading_in_the_tray_cannot_be_decided(engine, world, reading):
    with pytest.raises(NotFiled):
        decide(engine, world, reading, world.grace, Verdict.ACCEPTED)
    file(engine, world, reading, world.grace)
    file(engine, world, reading, None)
    with pytest.raises(NotFiled):
        decide(engine, world, reading, world.grace, Verdict.ACCEPTED)


def test_nothing_is_filed_to_somebody_who_is_not_there(engine, world, reading):
    for stranger in (0, world.mary):
        with pytest.raises(NoSuchPatient):
            file(engine, world, reading, stranger)
    assert charts(engine, world)["tray"] == [reading]


def test_a_reading_that_is_not_there_can_be_neither_filed_nor_decided(engine, world):
    with pytest.raises(NoSuchReading):
        file(engine, world, uuid7(), world.grace)
    with pytest.raises(NoSuchReading):
        decide(engine, world, uuid7(), world.grace, Verdict.ACCEPTED)


def test_charlie_can_neither_see_nor_file_a_reading_of_chain_one(engine, world, reading):
    with unit_of_work(engine, world.two) as session:
        with pytest.raises(NoSuchReading):
            queries.one(session, reading)
        with pytest.raises(NoSuchReading):
            services.file(session, reading_id=reading, patient_id=world.mary, by=world.charlie.id)


# Chairs


def seat(engine: Engine, world: World, lane: str, patient: int) -> Seat:
    with unit_of_work(engine, world.one) as session:
        return services.seat(session, store_id=world.pier.id, lane=lane, patient_id=patient, by=world.alice.id)


def leave(engine: Engine, world: World, lane: str) -> None:
    with unit_of_work(engine, world.one) as session:
        services.leave(session, store_id=world.pier.id, lane=lane, by=world.alice.id)


def seated(engine: Engine, world: World) -> dict[str, int]:
    with unit_of_work(engine, world.one) as session:
        return {lane: seat.patient_id for lane, seat in queries.seats(session, world.pier.id).items()}


def test_two_people_never_share_a_chair(engine, world):
    seat(engine, world, "Lane 1", world.grace)
    with unit_of_work(engine, world.one) as session:
        before = everything(session)
    with pytest.raises(ChairTaken):
        seat(engine, world, "Lane 1", world.per)
    assert seated(engine, world) == {"Lane 1": world.grace}
    with unit_of_work(engine, world.one) as session:
        assert everything(session) == before


def test_two_people_who_sit_down_at_the_same_moment_do_not_share_it_either(engine, world):
    with unit_of_work(engine, world.one) as first:
        services.seat(first, store_id=world.hill.id, lane="Lane 1", patient_id=world.grace, by=world.bob.id)
    with unit_of_work(engine, world.one) as late, pytest.raises(ChairTaken):
        services.seat(late, store_id=world.hill.id, lane="Lane 1", patient_id=world.per, by=world.bob.id)


def test_seating_the_same_person_again_changes_nothing(engine, world):
    first = seat(engine, world, "Lane 1", world.grace)
    assert seat(engine, world, "Lane 1", world.grace).id == first.id
    assert seated(engine, world) == {"Lane 1": world.grace}


def test_a_chair_that_was_left_is_free(engine, world):
    seat(engine, world, "Lane 1", world.grace)
    leave(engine, world, "Lane 1")
    leave(engine, world, "Lane 1")
    assert seated(engine, world) == {}
    seat(engine, world, "Lane 1", world.per)

    with unit_of_work(engine, world.one) as session:
        history = session.scalars(select(Seat).order_by(Seat.id)).all()
    assert [(s.patient_id, s.left_at is None) for s in history] == [(world.grace, False), (world.per, True)]


def test_nobody_sits_who_is_not_there(engine, world):
    with pytest.raises(NoSuchPatient):
        seat(engine, world, "Lane 1", world.mary)
    assert seated(engine, world) == {}


def test_every_act_is_in_the_audit_trail_with_who(engine, world, reading):
    began = now()
    seat(engine, world, "Lane 1", world.grace)
    leave(engine, world, "Lane 1")
    file(engine, world, reading, world.grace)
    decide(engine, world, reading, world.grace, Verdict.REJECTED, why="blink")
    with unit_of_work(engine, world.one) as session:
        services.looked(session, patient_id=world.grace, by=world.alice.id)
        found = session.scalars(select(Entry).where(Entry.at >= began).order_by(Entry.id)).all()

    place, subject = {"lane": "Lane 1", "store": world.pier.id}, (world.alice.id, "reading", str(reading))
    assert [(e.staff_id, e.subject_kind, e.subject_id, e.verb, e.details) for e in found] == [
        (world.alice.id, "patient", str(world.grace), "seated", place),
        (world.alice.id, "patient", str(world.grace), "left", place),
        (*subject, "filed", {"patient": world.grace}),
        (*subject, "rejected", {"patient": world.grace}),
        (world.alice.id, "patient", str(world.grace), "looked", {}),
    ]


# Paging


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=1)])
@pytest.mark.parametrize("place", ["chart", "tray"])
@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_hold_every_reading_once(engine, world, arrive, apart, size, place):
    """Also when many came in the same instant, as the rows of one print do."""
    outbox = Outbox(world.pier)
    number = "R-1" if place == "chart" else None
    lines = [outbox.reading(number).but(ts_gw=(outbox.at + n // 4 * apart).isoformat()) for n in range(17)]
    arrive(outbox, *lines)
    seen, before = list[UUID](), None
    with unit_of_work(engine, world.one) as session:
        of, end = (
            (queries.of_patient, queries.end_of_chart) if place == "chart" else (queries.tray, queries.end_of_tray)
        )
        subject = world.grace if place == "chart" else world.pier.id
        while page := of(session, subject, before=before, limit=size):
            seen += [one.id for one in page]
            before = end(page)

    assert sorted(seen) == sorted(line.id for line in lines)


def test_a_chart_pages_like_the_tray(engine, world, arrive, outbox):
    at = [outbox.at + timedelta(seconds=n) for n in range(queries.PAGE + 5)]
    lines = [outbox.reading("R-1").but(ts_gw=moment.isoformat()) for moment in at]
    arrive(outbox, *lines)
    with unit_of_work(engine, world.one) as session:
        first = queries.of_patient(session, world.grace)
        second = queries.of_patient(session, world.grace, before=queries.end_of_chart(first))

    assert (len(first), len(second)) == (queries.PAGE, 5)
    assert {one.id for one in (*first, *second)} == {line.id for line in lines}


def test_a_page_ends_with_a_whole_transmission(engine, world, arrive, outbox):
    """Day and night of one measurement must not be torn apart."""
    at = [outbox.at + timedelta(seconds=n // 5) for n in range(15)]
    lines = [outbox.reading("R-1").but(ts_gw=moment.isoformat()) for moment in at]
    arrive(outbox, *lines)
    with unit_of_work(engine, world.one) as session:
        first = queries.of_patient(session, world.grace, limit=7)
        second = queries.of_patient(session, world.grace, before=queries.end_of_chart(first), limit=7)

    assert (len(first), len(second)) == (10, 5)
    assert {one.id for one in (*first, *second)} == {line.id for line in lines}


def test_within_one_print_day_stands_before_night_and_then_the_row_order(engine, world, arrive, outbox):
    night, day, kerato = (outbox.reading("R-1", condition=c) for c in ("night", "day", None))
    arrive(outbox, night, day, kerato)
    with unit_of_work(engine, world.one) as session:
        assert [one.id for one in queries.of_patient(session, world.grace)] == [day.id, kerato.id, night.id]


def test_day_and_night_of_one_measurement_stand_together_and_no_others(engine, world, arrive, outbox):
    day, kerato, night = (outbox.reading("R-1", condition=c) for c in ("day", None, "night"))
    arrive(outbox, day, kerato, night)
    arrive(outbox, alone := outbox.reading("R-1", condition="night", integrity={"checksum": "ok", "raw_sha256": "f0"}))
    with unit_of_work(engine, world.one) as session:
        groups = queries.paired(queries.of_patient(session, world.grace))
        assert {tuple(one.id for one in group) for group in groups} == {(day.id, night.id), (kerato.id,), (alone.id,)}


def test_a_reading_whose_clock_was_never_set_is_seen_like_any_other(engine, world, arrive, outbox):
    """It bears a date of long ago, and a date to come puts it before everything for ever."""
    unset = outbox.reading().but(ts_gw="2000-01-01T00:00:07Z", clk={"state": "floor"})
    ahead = outbox.reading().but(ts_gw="2090-01-01T00:00:07Z", clk={"state": "coarse"})
    arrive(outbox, unset, ahead)
    later = outbox.reading()
    arrive(outbox, later)
    with unit_of_work(engine, world.one) as session:
        assert {one.id for one in queries.tray(session, world.pier.id)} == {unset.id, ahead.id, later.id}
        assert queries.tray_count(session, world.pier.id) == 3
        assert queries.latest(session, world.pier.id, limit=1)[0].id == later.id


def test_the_tray_of_another_store_is_another_tray(engine, world, arrive, reading):
    with unit_of_work(engine, world.one) as session:
        assert queries.tray(session, world.hill.id) == []
        assert queries.tray_count(session, world.hill.id) == 0
        assert queries.tray_count(session, world.pier.id) == 1


def test_bytes_are_found_by_their_digest(engine, world, arrive, outbox):
    line = outbox.reading()
    arrive(outbox, outbox.capture(), line)
    with unit_of_work(engine, world.one) as session:
        found = queries.capture_of(session, queries.one(session, line.id))
    assert found is not None
    assert found.data == RAW
