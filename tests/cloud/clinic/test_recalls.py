"""The recall work list: who is on it, what can be said of somebody, and that nobody vanishes."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from cloud.clinic import drafting, places, recalls, signing
from cloud.clinic.choices import RecallState
from cloud.clinic.drafting import Change
from cloud.clinic.models import RecallEvent
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.web import separated
from tests.cloud.clinic import history_here as history

LONG_AGO = datetime(2024, 3, 9, 9, 0, tzinfo=UTC)


def about(world, patient=None, store=None):
    return {"patient_id": patient or world.grace, "store_id": (store or world.pier).id, "by": world.alice.id}


@pytest.fixture
def listed(engine, world):
    """Grace is overdue and Per due in eleven months; recall ids by patient."""
    with unit_of_work(engine, world.one) as session:
        for patient, when in ((world.grace, LONG_AGO), (world.per, now() - timedelta(days=30))):
            values = {"manifest.1.sphere.R": "-1.00", **history.RECALL}
            history.visit(session, **about(world, patient), when=when, values=values)
        return {one.recall.patient_id: one.recall.id for one in recalls.of_patient(session, [world.grace, world.per])}


def on(client, asked="") -> list[str]:
    """Record numbers on the list, in its order."""
    page = client.get(f"/recalls{asked}")
    assert page.status_code == 200
    return re.findall(r'<span class="quiet">([RNC]-\S+)</span>', page.get_data(as_text=True))


def say(client, recall, state, why=""):
    return client.post(f"/recalls/{recall}/outcome", data={"state": state, "why": why, "back": "/recalls?shelf=booked"})


def test_the_longest_overdue_come_first_and_reception_works_the_list(world, listed, sign_in):
    assert on(sign_in(world.rosa)) == ["R-1", "R-2"]
    assert on(sign_in(world.bob)) == []  # of the other store
    assert on(sign_in(world.olivia), "?store=pier") == ["R-1", "R-2"]


def test_filters_stand_in_the_address(world, listed, sign_in):
    client, today = sign_in(world.rosa), now().date()
    asked = (
        "?reason=glaucoma",
        "?reason=myopia_control",
        f"?until={today}",
        "?shelf=booked",
        "?until=x&shelf=x&store=x",
    )
    assert [on(client, one) for one in asked] == [[], ["R-1", "R-2"], ["R-1"], [], []]


def test_booked_and_attended_move_on_and_nobody_answered_stays(engine, world, listed, sign_in):
    client = sign_in(world.rosa)
    answer = say(client, listed[world.grace], "open", "No answer")
    after_calling = on(client)
    say(client, listed[world.grace], "booked")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/recalls?shelf=booked")
    assert (after_calling, on(client), on(client, "?shelf=booked")) == (["R-1", "R-2"], ["R-2"], ["R-1"])
    with unit_of_work(engine, world.one) as session:
        events = session.scalars(select(RecallEvent).order_by(RecallEvent.id)).all()
    assert [(one.state, one.why, one.by) for one in events] == [
        ("open", "No answer", world.rosa.id),
        ("booked", None, world.rosa.id),
    ]


def test_who_came_and_was_not_examined_is_listed_without_a_plan(world, listed, sign_in):
    client = sign_in(world.rosa)
    say(client, listed[world.grace], "attended")
    assert (on(client), on(client, "?shelf=unplanned")) == (["R-2"], ["R-1"])


def test_a_recall_ends_only_with_a_reason(engine, world, listed, sign_in):
    client = sign_in(world.rosa)
    say(client, listed[world.grace], "lapsed")
    refused = on(client)
    say(client, listed[world.grace], "lapsed", "Moved to another town.")

    assert (refused, on(client), on(client, "?shelf=ended")) == (["R-1", "R-2"], ["R-2"], ["R-1"])
    assert on(client, "?shelf=unplanned") == []
    say(client, listed[world.grace], "booked")
    assert on(client, "?shelf=ended") == ["R-1"]


def test_nonsense_and_the_other_store_change_nothing(engine, world, listed, sign_in):
    wrong = [say(sign_in(world.rosa), listed[world.grace], state).status_code for state in ("cancelled", "", "x")]
    theirs = say(sign_in(world.bob), listed[world.grace], "booked").status_code
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(RecallEvent)).all() == []
    assert (wrong, theirs) == ([422, 422, 422], 404)


def test_an_address_that_leads_elsewhere_is_not_followed(world, listed, sign_in):
    answer = sign_in(world.rosa).post(
        f"/recalls/{listed[world.grace]}/outcome", data={"state": "booked", "back": "https://example.test/recalls?"}
    )
    assert answer.headers["Location"] == "/recalls"


def test_a_reason_for_no_recall_is_a_plan_too(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        values = {"manifest.1.sphere.R": "-1.00", "recall.1.none_reason.N": "referred"}
        history.visit(session, **about(world), when=LONG_AGO, values=values)
    client = sign_in(world.rosa)
    assert (on(client), on(client, "?shelf=unplanned")) == ([], [])


def test_an_amended_plan_takes_the_place_of_the_one_before(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        values = {"manifest.1.sphere.R": "-1.00", **history.RECALL}
        visit, _version = history.visit(session, **about(world), when=LONG_AGO, values=values)
        drafting.amend(session, encounter_id=visit.id, by=world.alice.id)
        change = [Change(places.read("recall.1.reason.N"), "glaucoma")]
        drafting.save(session, encounter_id=visit.id, changes=change, by=world.alice.id)
        history.sign(session, visit.id, world.alice.id, signing.Why("clinical", "Raised pressure."))
        states = [(one.recall.reason, one.state) for one in recalls.of_patient(session, [world.grace])]
    client = sign_in(world.rosa)

    assert set(states) == {("glaucoma", RecallState.OPEN), ("myopia_control", RecallState.CANCELLED)}
    assert (on(client), on(client, "?reason=glaucoma"), on(client, "?shelf=ended")) == (["R-1"], ["R-1"], [])


def test_a_visit_answers_earlier_recalls_for_its_reason_and_no_other(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        for years, reason in enumerate(("glaucoma", "myopia_control", "myopia_control")):
            values = {"manifest.1.sphere.R": "-1.00", **history.RECALL, "recall.1.reason.N": reason}
            history.visit(session, **about(world), when=LONG_AGO + timedelta(days=years), values=values)
        states = [(one.recall.reason, one.state.value) for one in recalls.of_patient(session, [world.grace])]
    assert states == [("myopia_control", "open"), ("myopia_control", "attended"), ("glaucoma", "open")]


def test_the_plan_of_an_old_record_that_is_amended_is_past(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        made = [one.id for one in history.twenty_years(session, **about(world), years=3)]
        states = {one.recall.encounter_id: one.state.value for one in recalls.of_patient(session, [world.grace])[:1]}
        amended = [one for one in recalls.of_patient(session, [world.grace]) if one.recall.encounter_id == made[1]]
    assert states == {made[2]: "open"}
    assert sorted(one.state.value for one in amended) == ["attended", "attended"]


def test_the_list_is_read_to_its_end_page_by_page(engine, world, sign_in, monkeypatch):
    with unit_of_work(engine, world.one) as session:
        for number in range(5):
            patient = people.register(session, record_number=f"N-{number}", family_name="New").id
            values = {"manifest.1.sphere.R": "-1.00", **history.RECALL}
            when = LONG_AGO + timedelta(days=number // 2)  # two are due on the same day
            history.visit(session, **about(world, patient), when=when, values=values)
    monkeypatch.setattr("cloud.clinic.worklist.PAGE", 2)
    client, address, found = sign_in(world.rosa), "/recalls", list[str]()
    while address:
        page = client.get(address).get_data(as_text=True)
        found += re.findall(r'<span class="quiet">([RNC]-\S+)</span>', page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert found == [f"N-{number}" for number in range(5)]


def test_the_export_is_what_is_shown_and_is_written_down(engine, world, listed, sign_in):
    answer = sign_in(world.rosa).get("/recalls.csv?reason=myopia_control")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))

    assert ([row[0] for row in rows], rows[1][4:]) == (
        ["Record number", "R-1", "R-2"],
        ["2025-03-09", "Myopia control", "open", "Pier"],
    )
    with unit_of_work(engine, world.one) as session:
        trail = session.scalars(select(Entry).where(Entry.verb == "exported")).all()
    assert [(one.staff_id, one.details) for one in trail] == [(world.rosa.id, {"rows": 2})]


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell):
    assert separated.tame(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are():
    assert [separated.tame(cell) for cell in (None, "", "R-1", 12, "a=1")] == ["", "", "R-1", "12", "a=1"]


def test_a_number_below_zero_stays_a_number():
    assert separated.tame(Decimal("-4.05")) == "-4.05"
