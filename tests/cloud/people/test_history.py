"""What was changed, and taking it back."""

import json

import pytest
from flask import Flask
from sqlalchemy import event, select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import queries, services
from cloud.people.errors import NoSuchEntry, NotUndoable
from cloud.people.models import Change, Patient


def edit(engine, world, **values):
    with unit_of_work(engine, world.one) as session:
        version = queries.patient(session, world.grace).version
        services.edit(session, world.grace, values, opened=version, by=world.rosa.id, why="told at the desk")


def changes(engine, world, field):
    with unit_of_work(engine, world.one) as session:
        asked = select(Change).where(Change.field == field, Change.patient_id == world.grace)
        return session.scalars(asked.order_by(Change.id)).all()


def occupation(engine, world):
    with unit_of_work(engine, world.one) as session:
        return session.get_one(Patient, (world.one, world.grace)).occupation


def test_the_page_says_who_when_what_before_after_and_why(engine, world, sign_in):
    edit(engine, world, occupation="Pilot")
    text = sign_in(world.alice).get(f"/patients/{world.grace}/history").get_data(as_text=True)
    for words in ("Rosa Lind", "Occupation", "nothing", "Pilot", "told at the desk", "Take back"):
        assert words in text


def test_taking_back_is_a_new_change_that_names_the_old_one(engine, world, sign_in):
    edit(engine, world, occupation="Pilot")
    edit(engine, world, occupation="Captain")
    newest = changes(engine, world, "occupation")[-1]
    assert sign_in(world.alice).post(f"/patients/{world.grace}/history/{newest.id}/undo").status_code == 303
    assert occupation(engine, world) == "Pilot"
    told = [(one.before, one.after, one.undoes) for one in changes(engine, world, "occupation")]
    assert told == [(None, "Pilot", None), ("Pilot", "Captain", None), ("Captain", "Pilot", newest.id)]


def test_dates_and_ended_contacts_come_back_as_they_were(engine, world, sign_in):
    edit(engine, world, birth_date=None)
    with unit_of_work(engine, world.one) as session:
        services.edit(session, world.grace, {"birth_year": 1931}, opened=1, by=None)
        contact = services.add_contact(session, world.grace, kind="email", value="g@example.test", by=None)
        services.end_contact(session, world.grace, contact.id, by=None)
    alice = sign_in(world.alice)
    for field in ("birth_year", "ended_at"):
        alice.post(f"/patients/{world.grace}/history/{changes(engine, world, field)[-1].id}/undo")
    with unit_of_work(engine, world.one) as session:
        assert session.get_one(Patient, (world.one, world.grace)).birth_year is None
        assert [one.value for one in queries.contacts(session, world.grace)] == ["g@example.test"]


def test_a_field_changed_again_since_is_not_taken_back(engine, world, sign_in):
    edit(engine, world, occupation="Pilot")
    edit(engine, world, occupation="Captain")
    oldest = changes(engine, world, "occupation")[0]
    answer = sign_in(world.alice).post(f"/patients/{world.grace}/history/{oldest.id}/undo", follow_redirects=True)
    assert "Occupation was changed again since" in answer.get_data(as_text=True)
    assert occupation(engine, world) == "Captain"


@pytest.mark.parametrize("who", ["rosa", "dora", "charlie"])
def test_whoever_may_not_takes_nothing_back(engine, world, sign_in, who):
    edit(engine, world, occupation="Pilot")
    change = changes(engine, world, "occupation")[0]
    answer = sign_in(getattr(world, who)).post(f"/patients/{world.grace}/history/{change.id}/undo")
    assert answer.status_code == {"charlie": 404}.get(who, 403)
    assert occupation(engine, world) == "Pilot"


def test_changes_of_others_and_of_other_kinds_are_refused(engine, world):
    edit(engine, world, occupation="Pilot")
    change = changes(engine, world, "occupation")[0]
    with pytest.raises(NoSuchEntry), unit_of_work(engine, world.one) as session:
        services.undo(session, world.per, change.id, by=None)
    with unit_of_work(engine, world.one) as session:
        services.note_allergy(session, world.grace, substance="Latex", severity="mild", by=None)
    state = changes(engine, world, "allergy_state")[0]
    with pytest.raises(NotUndoable), unit_of_work(engine, world.one) as session:
        services.undo(session, world.grace, state.id, by=None)
    assert occupation(engine, world) == "Pilot"


PAGES = ("details", "family", "consents", "history", "details/print")


@pytest.mark.parametrize("address", PAGES)
def test_three_rows_ask_no_more_than_one(app: Flask, engine, world, sign_in, address):
    client, counted, statements = sign_in(world.alice), list[int](), list[str]()

    def count(_c, _cursor, statement, *_):
        statements.append(statement)

    said = {"purpose": "recalls", "state": "given", "text_version": "1", "method": "spoken"}
    for step, channel in enumerate(("sms", "email", "post")):
        with unit_of_work(engine, world.one) as session:
            other = services.register(session, family_name="Kin", given_name=f"{step}")
            services.add_contact(session, world.grace, kind="email", value=f"{step}@b.example", by=world.rosa.id)
            services.tie(session, world.grace, other.id, "sibling", by=world.rosa.id, may_consent=True)
            services.join_household(session, world.grace, other.id, by=world.rosa.id)
            services.note_allergy(session, world.grace, substance=f"S{step}", severity="mild", by=world.rosa.id)
            services.raise_alert(session, world.grace, kind="vip", text="v", by=world.rosa.id)
            services.tag(session, world.grace, f"t{step}", by=world.rosa.id)
            services.answer(session, world.grace, **said, channel=channel, given_by=other.id, by=world.rosa.id)
        event.listen(app.extensions["emmetra.engine"], "before_cursor_execute", count)
        assert client.get(f"/patients/{world.grace}/{address}").status_code == 200
        event.remove(app.extensions["emmetra.engine"], "before_cursor_execute", count)
        counted.append(len(statements))
        statements.clear()
    assert len(set(counted)) == 1


def test_the_export_says_everything_the_asker_may_see_and_is_in_the_trail(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        services.note_allergy(session, world.grace, substance="Latex", severity="mild", by=None)
        services.add_contact(session, world.grace, kind="email", value="g@example.test", label="own", by=None)
    told = {}
    for who in ("alice", "rosa"):
        answer = sign_in(getattr(world, who)).get(f"/patients/{world.grace}/person.json")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        told[who] = json.loads(answer.data)
    assert told["alice"]["person"]["record_number"] == "R-1"
    assert told["alice"]["contacts"][0]["value"] == "g@example.test"
    assert told["alice"]["allergies"][0]["substance"] == "Latex"
    assert "allergies" not in told["rosa"]
    with unit_of_work(engine, world.one) as session:
        verbs = session.scalars(select(Entry.staff_id).where(Entry.verb == "exported").order_by(Entry.id)).all()
        assert verbs == [world.alice.id, world.rosa.id]
