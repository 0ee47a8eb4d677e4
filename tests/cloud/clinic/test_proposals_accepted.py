"""Readings taken over into a draft, left out, and taken back: in the record and in the readings room alike."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from cloud.clinic import drafting, places, proposals, queries, signing
from cloud.clinic.catalogue.shapes import Place as Step
from cloud.clinic.catalogue.shapes import Template, Words
from cloud.clinic.choices import Origin, Side
from cloud.clinic.drafting import Change
from cloud.clinic.errors import Locked, NoSuchProposal, NotAcceptable, NotYours
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.readings import intake
from cloud.readings import queries as stored
from cloud.readings import services as readings
from cloud.readings.choices import Verdict
from cloud.readings.models import Decision
from tests.cloud.readings.parcels_here import Outbox

PLAIN = Template("plain", 1, Words("Plain", "简单"), (Step("autorefraction"), Step("pachymetry")))
BOTH = {
    "right": {"sphere": "-1.75", "cylinder": "-0.50", "axis": 5},
    "left": {"sphere": "-3.25", "cylinder": "-0.50", "axis": 170},
}


@pytest.fixture
def work(engine, world):
    """One unit of work of chain one."""
    with unit_of_work(engine, world.one) as session:
        yield session


@pytest.fixture
def visit(work, world):
    return drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)


@pytest.fixture
def arrive(work, world, visit):
    """Readings of Grace that arrive a second apart after the visit began, ``later`` than that by minutes."""
    outbox, heard = Outbox(world.pier), [0]

    def take(number="R-1", later=0, **said):
        heard[0] += 1
        outbox.at = visit.began_at + timedelta(seconds=heard[0], minutes=later)
        line = outbox.reading(number, **({**BOTH, **said} if "kind" not in said else said))
        intake.take(work, world.one, [outbox.parcel(line)])
        return line.id

    return take


def held(work, visit):
    draft = queries.draft(work, visit.id)
    return {str(place): item for place, item in queries.drafted(work, draft.id).items()}


def waiting(work, visit):
    return proposals.waiting(work, visit)


def state(work, reading_id):
    return stored.one(work, reading_id).state


def accept(work, world, visit, reading_id, **more):
    return proposals.accept(work, encounter_id=visit.id, reading_id=reading_id, by=world.alice.id, **more)


def everything(work, visit):
    decisions = [tuple(row) for row in work.execute(select(Decision.__table__))]
    draft = queries.draft(work, visit.id)
    return decisions, held(work, visit), draft.revision, draft.before


def test_a_reading_that_arrives_waits_and_is_taken_over(work, world, visit, arrive):
    reading = arrive()
    (one,) = waiting(work, visit)
    accept(work, world, visit, one.reading_id)

    found = held(work, visit)
    first = found["autorefraction.1.sphere.R"]
    assert (first.entered, first.origin, first.source, first.device_value) == (
        "-1.75",
        Origin.DEVICE,
        str(reading),
        None,
    )
    assert found["autorefraction.1.axis.L"].entered == "170"
    assert (state(work, reading), waiting(work, visit)) == ("accepted", [])


def test_an_undo_takes_the_decision_back_too(work, world, visit, arrive):
    reading = arrive()
    before = held(work, visit)
    accept(work, world, visit, reading)
    proposals.undo(work, encounter_id=visit.id, by=world.alice.id)

    assert (held(work, visit), state(work, reading)) == (before, "proposed")
    assert [one.reading_id for one in waiting(work, visit)] == [reading]
    proposals.undo(work, encounter_id=visit.id, by=world.alice.id)  # nothing is left to take back
    assert state(work, reading) == "proposed"


def test_what_was_accepted_in_the_chart_stays_accepted_when_taking_it_over_is_undone(work, world, visit, arrive):
    reading = arrive()
    readings.decide(work, reading_id=reading, patient_id=world.grace, verdict=Verdict.ACCEPTED, by=world.alice.id)
    accept(work, world, visit, reading)
    proposals.undo(work, encounter_id=visit.id, by=world.alice.id)
    assert (held(work, visit), state(work, reading)) == ({}, "accepted")


def test_exchanged_eyes_keep_what_the_instrument_said_of_each(work, world, visit, arrive):
    reading = arrive()
    accept(work, world, visit, reading, swap_eyes=True)

    found = held(work, visit)
    right, left = (found[f"autorefraction.1.sphere.{side}"] for side in "RL")
    assert (right.entered, right.device_value, right.origin, right.source) == (
        "-3.25",
        "-1.75",
        Origin.DEVICE,
        str(reading),
    )
    assert (left.entered, left.device_value) == ("-1.75", "-3.25")
    assert found["autorefraction.1.cylinder.R"].device_value is None  # the same of both eyes
    assert stored.one(work, reading).why == "eyes exchanged"


def test_an_exchange_of_one_eye_says_that_the_instrument_said_nothing_of_the_other(work, world, visit, arrive):
    reading = arrive(left={})
    accept(work, world, visit, reading, swap_eyes=True)
    found = held(work, visit)
    assert "autorefraction.1.sphere.R" not in found
    assert (found["autorefraction.1.sphere.L"].entered, found["autorefraction.1.sphere.L"].device_value) == (
        "-1.75",
        "",
    )


def test_typing_what_the_instrument_said_makes_it_the_instruments_again(work, world, visit, arrive):
    reading, place = arrive(), places.read("autorefraction.1.sphere.R")
    accept(work, world, visit, reading, swap_eyes=True)
    drafting.save(work, encounter_id=visit.id, changes=[Change(place, "-1.75")], by=world.alice.id)
    again = held(work, visit)[str(place)]
    assert (again.origin, again.device_value, again.source) == (Origin.DEVICE, None, str(reading))


def test_an_exchange_leaves_prism_out_and_turns_the_monocular_distances(work, world, visit, arrive):
    prism = {"horizontal": {"power": "2.00", "base": "in"}}
    glasses = arrive(kind="lensmetry", right={"sphere": "-1.00", "prism": prism}, left={"sphere": "-2.00"})
    accept(work, world, visit, glasses, swap_eyes=True)
    eyes = arrive(pd={"far": "63", "far_right": "31", "far_left": "32"}, later=1)
    accept(work, world, visit, eyes, swap_eyes=True)

    found = held(work, visit)
    assert (found["glasses.1.sphere.L"].entered, [place for place in found if "prism" in place]) == ("-1.00", [])
    assert (found["pd.1.far_right.N"].entered, found["pd.1.far_right.N"].device_value) == ("32", "31")
    assert (found["pd.1.far.N"].entered, found["pd.1.far.N"].device_value) == ("63", None)


def test_a_cornea_of_no_known_eye_needs_a_side(work, world, visit, arrive):
    reading = arrive(kind="pachymetry", unassigned={"cct_um": "545"})
    before = everything(work, visit)
    with pytest.raises(NotAcceptable) as refusal:
        accept(work, world, visit, reading, reason="It is fine.")
    assert ([doubt.code for doubt in refusal.value.doubts], everything(work, visit)) == (["no_side"], before)

    accept(work, world, visit, reading, sides=Side.LEFT)
    assert held(work, visit)["pachymetry.1.cct.L"].entered == "545"


def test_a_weighty_doubt_wants_a_word_and_keeps_it(work, world, visit, arrive):
    reading = arrive(patient_ref={"id": "R-1", "name": "Smith^John"})
    before = everything(work, visit)
    with pytest.raises(NotAcceptable) as refusal:
        accept(work, world, visit, reading)
    assert ([doubt.code for doubt in refusal.value.doubts], everything(work, visit)) == (["other_name"], before)

    accept(work, world, visit, reading, reason="Her married name.")
    assert (state(work, reading), stored.one(work, reading).why) == ("accepted", "Her married name.")


def test_all_at_once_takes_what_nothing_speaks_against_in_one_batch(work, world, visit, arrive):
    first, second = arrive(), arrive(right={"sphere": "-2.00"}, left={"sphere": "-3.50"}, later=2)
    strange = arrive(kind="visual_acuity", right={"va": "0.8"}, later=3)
    _draft, left = proposals.accept_all(work, encounter_id=visit.id, by=world.alice.id)

    spheres = [held(work, visit)[f"autorefraction.{n}.sphere.R"].entered for n in (1, 2)]
    assert (spheres, [one.reading_id for one in left]) == (["-1.75", "-2.00"], [strange])
    proposals.undo(work, encounter_id=visit.id, by=world.alice.id)
    assert (held(work, visit), state(work, first), state(work, second)) == ({}, "proposed", "proposed")


def test_what_is_left_out_stays_in_readings_and_does_not_come_again(work, world, visit, arrive):
    reading = arrive()
    proposals.reject(work, encounter_id=visit.id, reading_id=reading, by=world.alice.id, reason="Blinked.")
    assert (state(work, reading), stored.one(work, reading).why, waiting(work, visit)) == ("rejected", "Blinked.", [])
    with pytest.raises(NoSuchProposal):
        accept(work, world, visit, reading)


def test_a_reading_taken_elsewhere_between_leaves_the_undo_of_the_record_whole(work, world, visit, arrive):
    reading = arrive()
    accept(work, world, visit, reading)
    readings.file(work, reading_id=reading, patient_id=world.per, by=world.bob.id, why="Per's.")
    proposals.undo(work, encounter_id=visit.id, by=world.alice.id)
    assert (held(work, visit), stored.one(work, reading).patient_id, state(work, reading)) == (
        {},
        world.per,
        "proposed",
    )


def test_another_patients_reading_is_not_to_be_had(work, world, visit, arrive):
    theirs = arrive(number="R-2")
    before = everything(work, visit)
    with pytest.raises(NoSuchProposal):
        accept(work, world, visit, theirs)
    assert (waiting(work, visit), everything(work, visit)) == ([], before)


def test_readings_of_an_absorbed_record_are_hers(work, world, visit, arrive):
    reading = arrive(number="R-2")
    people.merge(work, world.grace, world.per, take=(), reason="The same person.", by=world.alice.id)
    (one,) = waiting(work, visit)
    accept(work, world, visit, reading)
    assert ([doubt.code for doubt in one.doubts], state(work, reading)) == ([], "accepted")


def test_somebody_elses_draft_takes_nothing(work, world, visit, arrive):
    reading = arrive()
    before = everything(work, visit)
    for deed in (
        lambda: proposals.accept(work, encounter_id=visit.id, reading_id=reading, by=world.bob.id),
        lambda: proposals.accept_all(work, encounter_id=visit.id, by=world.bob.id),
        lambda: proposals.reject(work, encounter_id=visit.id, reading_id=reading, by=world.bob.id),
        lambda: proposals.undo(work, encounter_id=visit.id, by=world.bob.id),
    ):
        with pytest.raises(NotYours):
            deed()
    assert everything(work, visit) == before


def test_a_signed_record_takes_nothing(work, world, visit, arrive):
    accept(work, world, visit, arrive())
    signing.sign(work, encounter_id=visit.id, by=world.alice.id)
    late = arrive(later=5)
    with pytest.raises(Locked):
        accept(work, world, visit, late)
    assert (waiting(work, visit), state(work, late)) == ([], "proposed")


def test_an_amendment_takes_a_result_that_came_late_and_not_the_next_visits(work, world, visit, arrive):
    accept(work, world, visit, arrive())
    signing.sign(work, encounter_id=visit.id, by=world.alice.id)
    drafting.amend(work, encounter_id=visit.id, by=world.alice.id)
    late, _next_visit = arrive(later=60), arrive(later=60 * 25)
    assert [one.reading_id for one in waiting(work, visit)] == [late]


def test_a_neighbour_in_the_lane_is_found_by_name(work, world, visit, arrive):
    """Grace had −1.00 and −3.00; Per, who sat in the lane, was measured at −8.25 and −7.50 today."""
    spheres = {"R": "-1.00", "L": "-3.00"}
    typed = [Change(places.read(f"autorefraction.1.sphere.{side}"), said) for side, said in spheres.items()]
    drafting.save(work, encounter_id=visit.id, changes=typed, by=world.alice.id)
    signing.sign(work, encounter_id=visit.id, by=world.alice.id)
    today = drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)
    arrive(number="R-2", right={"sphere": "-8.25"}, left={"sphere": "-7.50"})
    arrive(right={"sphere": "-8.00"}, left={"sphere": "-7.50"})
    readings.seat(work, store_id=world.pier.id, lane="Lane 1", patient_id=world.per, by=world.alice.id)
    (one,) = waiting(work, today)
    assert [(doubt.code, "Lindqvist Per" in doubt.words) for doubt in one.doubts if doubt.code == "other_patient"] == [
        ("other_patient", True)
    ]


def test_three_readings_ask_no_more_questions_than_one(work, world, visit, arrive):
    asked = []
    event.listen(work.connection(), "before_cursor_execute", lambda *about: asked.append(about[2]))

    def questions():
        work.flush()
        work.expire_all()
        work.refresh(visit)
        asked.clear()
        proposals.waiting(work, visit)
        return len(asked)

    arrive()
    one = questions()
    arrive(right={"sphere": "-2.00"}, later=2)
    arrive(right={"sphere": "-2.25"}, later=4)
    assert (questions(), len(waiting(work, visit))) == (one, 3)


def test_what_was_captured_before_today_does_not_wait(work, world, visit, arrive):
    arrive(later=-60 * 30)
    assert waiting(work, visit) == []


def test_a_clock_that_was_never_set_hides_no_reading(work, world, visit):
    outbox = Outbox(world.pier)
    outbox.at = visit.began_at - timedelta(days=400)
    line = outbox.reading("R-1", **BOTH)
    intake.take(work, world.one, [outbox.parcel(line.but(clk={"state": "floor"}))])
    (one,) = waiting(work, visit)
    assert "clock_unset" in [doubt.code for doubt in one.doubts]
