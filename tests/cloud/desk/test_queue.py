"""The queue: what stands on top, who looks after it, and requests that are answered."""

from sqlalchemy import select

from cloud.booking import entries, overbooking, services
from cloud.booking.choices import By, Kind, State, Wish
from cloud.booking.models import Hold, Request
from cloud.people.models import Patient
from tests.cloud.desk.desk_here import ask, booked, entry, latest, work
from tests.cloud.test_views import rows


def test_urgent_answers_stand_on_top_and_the_newest_above_the_older(engine, practice, rosa):
    ask(engine, practice, practice.world.grace)
    with work(engine, practice.world) as session:
        told = {"store_id": practice.store, "patient_id": practice.world.per, "answers": (("Sudden loss?", "Yes"),)}
        entries.note(session, Kind.URGENT, **told)
    ask(engine, practice, practice.patients[0], new=True)
    page = rosa.get("/queue").text
    where = [page.index(name) for name in ("Per Lindqvist", "Family 0", "Grace Okafor")]
    assert where == sorted(where)
    for words in ("Urgent answers", "Sudden loss?", "New here", "answer by", "09:00–10:00"):
        assert words in page
    assert rosa.get("/queue/count").text.strip().startswith('<span class="rail-count"')


def test_an_entry_is_taken_by_one_given_back_and_done(engine, practice, alice, rosa):
    ask(engine, practice, practice.world.grace)
    number = entry(engine, practice).id
    assert rosa.post(f"/queue/{number}/take").status_code == 303
    assert "with Rosa Lind" in alice.get("/queue").text
    assert "was quicker" in alice.post(f"/queue/{number}/take", follow_redirects=True).text
    assert "was quicker" in alice.post(f"/queue/{number}/give-back", follow_redirects=True).text
    assert entry(engine, practice).by == practice.world.rosa.id
    rosa.post(f"/queue/{number}/give-back")
    assert entry(engine, practice).state == "open"
    alice.post(f"/queue/{number}/done")
    assert (entry(engine, practice).state, "Nothing waits" in rosa.get("/queue").text) == ("done", True)


def test_a_request_is_booked_at_one_of_its_times(engine, practice, rosa):
    wish = ask(engine, practice, practice.world.grace, reason="Sore eye")
    page = rosa.get(f"/queue/requests/{wish}").text
    assert ("09:00" in page, "10:20" in page, "Sore eye" in page) == (True, False, True)
    assert rosa.post(f"/queue/requests/{wish}/book", data={"time": practice.at(9).isoformat()}).status_code == 303
    visit, _serving, _taken = latest(engine, practice)
    assert (visit.patient_id, visit.shown_at, visit.reason) == (practice.world.grace, practice.at(9), "Sore eye")
    assert entry(engine, practice).state == "done"
    again = rosa.post(f"/queue/requests/{wish}/book", data={"time": practice.at(9, 20).isoformat()})
    assert (again.status_code, "answered already" in again.text) == (409, True)


def test_up_to_three_times_are_proposed_and_kept(engine, practice, rosa):
    wish = ask(engine, practice, practice.world.grace)
    times = [practice.at(9, minute).isoformat() for minute in (0, 20, 40)] + [practice.at(10).isoformat()]
    before = rows(engine, practice.world.one)
    assert rosa.post(f"/queue/requests/{wish}/propose", data={"times": times}).status_code == 409
    assert rosa.post(f"/queue/requests/{wish}/propose", data={}).status_code == 422
    assert rows(engine, practice.world.one) == before
    assert rosa.post(f"/queue/requests/{wish}/propose", data={"times": times[:3]}).status_code == 303
    assert "kept until" in rosa.get(f"/queue/requests/{wish}").text
    with work(engine, practice.world) as session:
        assert len(session.scalars(select(Hold)).all()) == 3
        assert session.scalars(select(Request.state)).one() == Wish.OFFERED


def test_a_request_is_declined_with_a_sentence_and_not_without(engine, practice, rosa):
    wish = ask(engine, practice, practice.world.grace)
    assert rosa.post(f"/queue/requests/{wish}/decline", data={"why": " "}).status_code == 409
    assert rosa.post(f"/queue/requests/{wish}/decline", data={"why": "We do not do this."}).status_code == 303
    with work(engine, practice.world) as session:
        told = session.scalars(select(Request)).one()
        assert (told.state, told.why, told.by) == (Wish.DECLINED, "We do not do this.", practice.world.rosa.id)


def test_somebody_unknown_is_added_once_before_anything_is_booked(engine, practice, rosa):
    person = {"family": "Novak", "given": "Eva", "born": "1980-02-29", "phone": "+351910000001", "language": "en"}
    wish = ask(engine, practice, None, person=person)
    assert rosa.post(f"/queue/requests/{wish}/book", data={"time": practice.at(9).isoformat()}).status_code == 409
    for _time in range(2):
        assert rosa.post(f"/queue/requests/{wish}/known").status_code == 303
    with work(engine, practice.world) as session:
        made = session.scalars(select(Patient).where(Patient.family_name == "Novak")).one()
        assert (str(made.birth_date), made.given_name) == ("1980-02-29", "Eva")
    assert rosa.post(f"/queue/requests/{wish}/book", data={"time": practice.at(9).isoformat()}).status_code == 303


def test_overbooked_stands_on_paper_too(engine, practice, alice):
    booked(engine, practice, practice.world.grace, 9)
    with work(engine, practice.world) as session:
        told = {"resources": practice.doctors[:1], "by": practice.world.alice.id, "why": "Pain", "channel": "desk"}
        visit = overbooking.overbook(session, practice.ask(), practice.at(9, 5), practice.world.per, **told)
        services.turn(session, visit, State.ARRIVED, by=practice.world.alice.id, through=By.STAFF)
    assert "Arrived, overbooked" in alice.get(f"/calendar/paper?day={practice.on}").text
