"""Editing a person: sections, two who edit at once, what is masked, who sees which alert."""

from datetime import date

import pytest
from sqlalchemy import select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import queries, services
from cloud.people.errors import Stale
from cloud.people.models import Change, Patient

IDENTITY = {"family_name": "Okafor", "given_name": "Grace"}


def page(client, world, more=""):
    return client.get(f"/patients/{world.grace}/details{more}").get_data(as_text=True)


def person(engine, world):
    with unit_of_work(engine, world.one) as session:
        return session.get_one(Patient, (world.one, world.grace))


def save(client, world, section="identity", version=1, **entered):
    return client.post(f"/patients/{world.grace}/details/{section}", data={"version": version, **entered})


def test_a_section_is_read_until_somebody_edits_it(world, sign_in):
    client = sign_in(world.rosa)
    assert 'name="family_name"' not in page(client, world)
    assert 'name="family_name"' in page(client, world, "?edit=identity")


def test_saving_a_section_keeps_before_and_after(engine, world, sign_in):
    more = {"birth_date": "1958-03-14", "sex": "female", "native_name": "格蕾丝", "gender": "woman"}
    assert save(sign_in(world.rosa), world, **IDENTITY, **more).status_code == 303
    grace = person(engine, world)
    assert (grace.birth_date, grace.sex, grace.native_name, grace.version) == (date(1958, 3, 14), "female", "格蕾丝", 2)
    with unit_of_work(engine, world.one) as session:
        rows = session.scalars(select(Change).where(Change.patient_id == world.grace).order_by(Change.id)).all()
    told = {(one.field, one.before, one.after, one.by) for one in rows}
    assert ("birth_date", None, "1958-03-14", world.rosa.id) in told
    assert {one[0] for one in told} == set(more)
    assert len({one.deed for one in rows}) == 1


def test_what_is_saved_unchanged_is_no_change(engine, world, sign_in):
    assert save(sign_in(world.rosa), world, **IDENTITY).status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Change).where(Change.patient_id == world.grace)).all() == []
    assert person(engine, world).version == 1


def test_of_two_who_edit_one_section_the_second_sees_both_and_loses_nothing(engine, world, sign_in):
    alice, rosa = sign_in(world.alice), sign_in(world.rosa)
    assert save(alice, world, **IDENTITY, preferred_name="Gracie").status_code == 303
    response = save(rosa, world, **IDENTITY, preferred_name="Grazia")
    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Dr Alice Moreau saved “Gracie” meanwhile" in text
    assert 'value="Grazia"' in text
    assert person(engine, world).preferred_name == "Gracie"

    assert 'name="version" value="2"' in text
    assert save(rosa, world, version=2, **IDENTITY, preferred_name="Grazia").status_code == 303
    assert person(engine, world).preferred_name == "Grazia"


def test_two_who_edit_different_sections_do_not_disturb_each_other(engine, world, sign_in):
    assert save(sign_in(world.alice), world, **IDENTITY, preferred_name="Gracie").status_code == 303
    answer = save(sign_in(world.rosa), world, "background", occupation="Pilot", roles="patient")
    assert answer.status_code == 303
    assert (person(engine, world).preferred_name, person(engine, world).occupation) == ("Gracie", "Pilot")


def test_a_stale_save_is_refused_below_the_page_as_well(engine, world):
    with unit_of_work(engine, world.one) as session:
        services.edit(session, world.grace, {"occupation": "Pilot"}, opened=1, by=world.alice.id)
    with pytest.raises(Stale) as refusal, unit_of_work(engine, world.one) as session:
        services.edit(session, world.grace, {"occupation": "Nurse"}, opened=1, by=world.bob.id)
    assert (refusal.value.theirs, refusal.value.by) == ({"occupation": "Pilot"}, world.alice.id)
    assert person(engine, world).occupation == "Pilot"


@pytest.mark.parametrize(
    ("section", "entered", "wrong"),
    [
        ("identity", {"family_name": ""}, "family_name"),
        ("identity", {**IDENTITY, "birth_date": "1958-02-30"}, "birth_date"),
        ("background", {"roles": "patient", "home_store_id": "999999999"}, "home_store_id"),
        ("background", {"roles": "king"}, "roles"),
        ("status", {"status": "active", "deceased_on": "2026-01-01"}, "deceased_on"),
        ("status", {"status": "merged"}, "status"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(engine, world, sign_in, section, entered, wrong):
    response = save(sign_in(world.rosa), world, section, **entered)
    assert response.status_code == 422
    assert f'id="{wrong}-error"' in response.get_data(as_text=True)
    assert person(engine, world).version == 1


def test_several_roles_a_class_and_a_store_at_once(engine, world, sign_in):
    entered = {"roles": ["patient", "payer", "student"], "customer_class": "Gold", "home_store_id": str(world.pier.id)}
    assert save(sign_in(world.rosa), world, "background", **entered).status_code == 303
    grace = person(engine, world)
    assert (grace.roles, grace.home_store_id) == (["patient", "payer", "student"], world.pier.id)
    assert "Gold" in page(sign_in(world.alice), world)


def test_a_documents_number_is_masked_until_asked_for_and_the_look_is_kept(engine, world, sign_in):
    client = sign_in(world.rosa)
    save(client, world, "document", id_kind="passport", id_number="X1234567")
    assert "X1234567" not in page(client, world)
    assert "••••••67" in page(client, world)

    assert "X1234567" in client.post(f"/patients/{world.grace}/document").get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        looks = session.scalars(select(Entry).where(Entry.verb == "revealed")).all()
        assert [(one.staff_id, one.subject_id, one.details) for one in looks] == [
            (world.rosa.id, str(world.grace), {"field": "id_number"})
        ]
        assert "X1234567" not in str([one.details for one in session.scalars(select(Entry))])
    assert "X1234567" not in sign_in(world.alice).get(f"/patients/{world.grace}/history").get_data(as_text=True)


def test_whoever_died_is_flagged_and_gets_no_message(engine, world, sign_in):
    said = {"purpose": "reminders", "channel": "sms", "state": "given", "text_version": "1", "method": "spoken"}
    with unit_of_work(engine, world.one) as session:
        services.answer(session, world.grace, **said, by=None)
        assert queries.may_message(session, world.grace, "reminders", "sms")
    answer = save(sign_in(world.rosa), world, "status", status="deceased", deceased_on="2026-03-03")
    assert answer.status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert not queries.may_message(session, world.grace, "reminders", "sms")
    for address in (f"/patients/{world.grace}", f"/patients/{world.grace}/details", f"/patients/{world.grace}/family"):
        assert "Died 3 Mar 2026" in sign_in(world.alice).get(address).get_data(as_text=True)


def test_whoever_moved_away_is_no_longer_recalled(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        for purpose in ("recalls", "reminders"):
            said = {"purpose": purpose, "channel": "sms", "state": "given", "text_version": "1", "method": "spoken"}
            services.answer(session, world.grace, **said, by=None)
    assert save(sign_in(world.rosa), world, "status", status="moved", moved_to="Porto").status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert not queries.may_message(session, world.grace, "recalls", "sms")
        assert queries.may_message(session, world.grace, "reminders", "sms")


SEEN = [
    ("clinical", {"alice", "olivia"}),
    ("safeguarding", {"alice", "olivia"}),
    ("debt", {"rosa", "olivia"}),
    ("vip", {"rosa", "alice", "olivia"}),
    ("do_not_contact", {"rosa", "alice", "olivia"}),
]


@pytest.mark.parametrize(("kind", "seers"), SEEN)
def test_an_alert_is_seen_by_the_roles_its_kind_is_for(engine, world, sign_in, kind, seers):
    with unit_of_work(engine, world.one) as session:
        services.raise_alert(session, world.grace, kind=kind, text="Words of warning", by=None)
    who = {"rosa": world.rosa, "alice": world.alice, "olivia": world.olivia}
    found = {name for name, one in who.items() if "Words of warning" in page(sign_in(one), world)}
    assert found == seers


def test_an_alert_can_be_narrowed_to_fewer_roles(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        services.raise_alert(session, world.grace, kind="vip", text="The mayor", seen_by=["owner"], by=None)
    assert "The mayor" in page(sign_in(world.olivia), world)
    assert "The mayor" not in page(sign_in(world.alice), world)


@pytest.mark.parametrize("kind", ["clinical", "safeguarding"])
def test_reception_raises_no_alert_it_could_not_see(engine, world, sign_in, kind):
    response = sign_in(world.rosa).post(f"/patients/{world.grace}/alerts", data={"kind": kind, "text": "hm"})
    assert response.status_code == 403
    with unit_of_work(engine, world.one) as session:
        assert queries.alerts(session, world.grace) == []


def test_the_history_hides_what_the_banner_hides(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        services.raise_alert(session, world.grace, kind="debt", text="Owes 300", by=None)
    assert "Owes 300" not in sign_in(world.alice).get(f"/patients/{world.grace}/history").get_data(as_text=True)
    assert "Owes 300" in sign_in(world.olivia).get(f"/patients/{world.grace}/history").get_data(as_text=True)


def test_allergies_have_three_states_and_reception_sees_none_of_them(engine, world, sign_in):
    alice, address = sign_in(world.alice), f"/patients/{world.grace}/allergies"
    assert "Allergies not asked" in page(alice, world)
    assert alice.post(f"{address}/none").status_code == 303
    assert "No known allergies" in page(alice, world)

    entered = {"substance": "Penicillin", "reaction": "rash", "severity": "severe"}
    assert alice.post(address, data=entered).status_code == 303
    assert "Allergic to Penicillin (rash)" in page(alice, world)
    assert "Penicillin" not in page(sign_in(world.rosa), world)

    alice.post(f"{address}/none")
    with unit_of_work(engine, world.one) as session:
        noted = queries.allergies(session, world.grace)[0]
        assert session.get_one(Patient, (world.one, world.grace)).allergy_state == "listed"
    assert alice.post(f"{address}/{noted.id}/entered_in_error").status_code == 303
    assert "Allergies not asked" in page(alice, world)


@pytest.mark.parametrize(
    "entered", [{}, {"substance": "x" * 101, "severity": "mild"}, {"substance": "X", "severity": "?"}]
)
def test_an_allergy_that_does_not_fit_is_not_kept(engine, world, sign_in, entered):
    response = sign_in(world.alice).post(f"/patients/{world.grace}/allergies", data=entered)
    assert response.status_code == 422
    assert "allergy-" in response.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert queries.allergies(session, world.grace) == []


def test_a_tag_is_put_on_once_and_taken_off(engine, world, sign_in):
    client, address = sign_in(world.rosa), f"/patients/{world.grace}/tags"
    for _ in range(2):
        assert client.post(address, data={"name": "myopia control"}).status_code == 303
    with unit_of_work(engine, world.one) as session:
        (tagging, name), *more = queries.tags(session, world.grace)
        assert (name, more) == ("myopia control", [])
    client.post(f"{address}/{tagging.id}/end")
    with unit_of_work(engine, world.one) as session:
        assert queries.tags(session, world.grace) == []


def test_the_banner_speaks_of_what_is_held(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        grace = queries.patient(session, world.grace)
        values = {"language": "zh", "interpreter": True, "birth_year": 1931, "preferred_name": "Gracie"}
        services.edit(session, world.grace, values, opened=grace.version, by=None)
        said = {"purpose": "marketing", "channel": "sms", "state": "refused", "text_version": "1", "method": "spoken"}
        services.answer(session, world.grace, **said, by=None)
    text = page(sign_in(world.alice), world)
    for words in ("called Gracie", "1931", "中文", "needs an interpreter", "No alerts recorded", "Refused marketing"):
        assert words in " ".join(text.split())


EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "address", ["details", "family", "consents", "history", "details/print", "details?edit=identity"]
)
def test_nothing_entered_is_markup(engine, world, sign_in, address):
    with unit_of_work(engine, world.one) as session:
        other = services.register(session, family_name=EVIL, given_name=EVIL, phone=EVIL)
        names = ("family_name", "native_name", "preferred_name", "occupation", "moved_to")
        services.edit(session, world.grace, dict.fromkeys(names, EVIL), opened=1, by=None, why=EVIL)
        services.add_contact(session, world.grace, kind="wechat", value=EVIL, label=EVIL, by=None)
        services.tie(session, world.grace, other.id, "parent", by=None, may_consent=True)
        services.found_household(session, world.grace, EVIL, by=None)
        services.note_allergy(session, world.grace, substance=EVIL, reaction=EVIL, severity="mild", by=None)
        services.raise_alert(session, world.grace, kind="vip", text=EVIL, by=None)
        services.tag(session, world.grace, EVIL[:60], by=None)
    response = sign_in(world.olivia).get(f"/patients/{world.grace}/{address}")
    assert response.status_code == 200
    assert EVIL not in response.get_data(as_text=True)
