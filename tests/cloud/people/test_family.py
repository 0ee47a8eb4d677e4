"""How somebody is reached, who answers for them, with whom they live."""

import pytest
from sqlalchemy import select

from cloud.kernel.database import unit_of_work
from cloud.people import queries, services
from cloud.people.errors import NoSuchEntry, NoSuchPatient
from cloud.people.models import Change, Contact, Patient, Tie


@pytest.fixture
def ada(engine, world):
    with unit_of_work(engine, world.one) as session:
        return services.register(session, record_number="A-1", family_name="Okafor", given_name="Ada").id


def contacts(engine, world, patient_id=None):
    with unit_of_work(engine, world.one) as session:
        return [(one.kind, one.value, one.preferred) for one in queries.contacts(session, patient_id or world.grace)]


def test_several_telephones_each_with_its_owner_one_of_them_first(engine, world, sign_in):
    rosa, address = sign_in(world.rosa), f"/patients/{world.grace}/contacts"
    mine = {"kind": "mobile", "value": "07700 900001", "preferred": "yes"}
    mothers = {"kind": "phone", "value": "020 7946 0001", "label": "mother's phone", "preferred": "yes"}
    assert [rosa.post(address, data=one).status_code for one in (mine, mothers)] == [303, 303]
    assert contacts(engine, world) == [("phone", "020 7946 0001", True), ("mobile", "07700 900001", False)]
    with unit_of_work(engine, world.one) as session:
        assert session.get_one(Patient, (world.one, world.grace)).phone == "020 7946 0001"
    assert "mother&#39;s phone" in rosa.get(f"/patients/{world.grace}/family").get_data(as_text=True)


def test_a_contact_point_ends_and_stays_to_be_read(engine, world, sign_in):
    rosa, address = sign_in(world.rosa), f"/patients/{world.grace}/contacts"
    rosa.post(address, data={"kind": "mobile", "value": "07700 900001"})
    with unit_of_work(engine, world.one) as session:
        contact = queries.contacts(session, world.grace)[0]
    for deed in ("verify", "prefer", "end"):
        assert rosa.post(f"{address}/{contact.id}/{deed}").status_code == 303
    assert contacts(engine, world) == []
    with unit_of_work(engine, world.one) as session:
        kept = session.get_one(Contact, (world.one, contact.id))
        assert (kept.value, kept.verified_at is None, kept.ended_at is None) == ("07700 900001", False, False)
        assert session.get_one(Patient, (world.one, world.grace)).phone is None
    assert "Earlier contact points" in rosa.get(f"/patients/{world.grace}/family").get_data(as_text=True)


@pytest.mark.parametrize(
    "entered",
    [
        *(
            {},
            {"kind": "mobile", "value": "call me"},
            {"kind": "email", "value": "nobody"},
            {"kind": "fax", "value": "1"},
        ),
        *({"kind": "address", "value": "x" * 301}, {"kind": "mobile", "value": "07700 900001", "label": "x" * 61}),
    ],
)
def test_what_is_no_contact_point_is_said_and_not_kept(engine, world, sign_in, entered):
    response = sign_in(world.rosa).post(f"/patients/{world.grace}/contacts", data=entered)
    assert response.status_code == 422
    assert "field-error" in response.get_data(as_text=True)
    assert contacts(engine, world) == []


def test_a_contact_point_of_somebody_else_is_nobodys_here(engine, world, ada, sign_in):
    with unit_of_work(engine, world.one) as session:
        theirs = services.add_contact(session, ada, kind="email", value="a@b.example", by=None)
    assert sign_in(world.rosa).post(f"/patients/{world.grace}/contacts/{theirs.id}/end").status_code == 404
    assert contacts(engine, world, ada) == [("email", "a@b.example", False)]


def test_a_link_is_seen_from_both_ends_with_its_rights(engine, world, ada, sign_in):
    rosa = sign_in(world.rosa)
    entered = {"other": str(ada), "kind": "parent", "may_consent": "yes", "emergency": "yes"}
    assert rosa.post(f"/patients/{world.grace}/ties", data=entered).status_code == 303
    ours = rosa.get(f"/patients/{world.grace}/family").get_data(as_text=True)
    theirs = rosa.get(f"/patients/{ada}/family").get_data(as_text=True)
    for words in ("Parent <a", "Ada Okafor", "may consent", "call in an emergency"):
        assert words in ours
    assert "Child <a" in theirs
    with unit_of_work(engine, world.one) as session:
        seen = [(one.other.id, one.outward) for one in queries.relatives(session, ada)]
        assert seen == [(world.grace, True)]
        tie = session.scalars(select(Tie)).one()
    assert rosa.post(f"/patients/{ada}/ties/{tie.id}/end").status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert queries.relatives(session, world.grace) == []


@pytest.mark.parametrize("other", ["", "x", "{grace}", "{mary}", "999999999"])
def test_nobody_is_linked_to_oneself_to_nobody_or_to_another_chain(engine, world, sign_in, other):
    chosen = other.format(grace=world.grace, mary=world.mary)
    response = sign_in(world.rosa).post(f"/patients/{world.grace}/ties", data={"kind": "parent", "other": chosen})
    assert response.status_code == 422
    assert "Hidden" not in response.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Tie)).all() == []


def test_people_live_together_and_move_out(engine, world, ada, sign_in):
    rosa = sign_in(world.rosa)
    assert rosa.post(f"/patients/{world.grace}/household", data={"other": str(ada)}).status_code == 303
    with unit_of_work(engine, world.one) as session:
        home = queries.households(session, world.grace)[0]
        assert (home.name, [one.id for one in home.others]) == ("Okafor", [ada])
        assert queries.households(session, ada)[0].id == home.id
    rosa.post(f"/patients/{world.grace}/household", data={"other": str(ada)})
    assert rosa.post(f"/patients/{world.grace}/household/{home.membership_id}/leave").status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert queries.households(session, world.grace) == []
        assert queries.households(session, ada)[0].others == ()


def test_rows_of_other_people_are_refused_below_the_pages_too(engine, world, ada):
    with unit_of_work(engine, world.one) as session:
        tie = services.tie(session, ada, world.per, "spouse", by=None)
        allergy = services.note_allergy(session, ada, substance="Latex", severity="mild", by=None)
    for attempt in (
        lambda session: services.untie(session, world.grace, tie.id, by=None),
        lambda session: services.settle_allergy(session, world.grace, allergy.id, "resolved", by=None),
    ):
        with pytest.raises(NoSuchEntry), unit_of_work(engine, world.one) as session:
            attempt(session)
    with pytest.raises(NoSuchPatient), unit_of_work(engine, world.two) as session:
        services.tie(session, world.mary, ada, "parent", by=None)
    with unit_of_work(engine, world.one) as session:
        assert [one.tie.id for one in queries.relatives(session, ada)] == [tie.id]
        assert len(queries.allergies(session, ada)) == 1


def test_of_a_merged_person_everything_is_read_together(engine, world, ada):
    with unit_of_work(engine, world.one) as session:
        services.add_contact(session, ada, kind="email", value="a@b.example", by=None)
        services.tie(session, ada, world.per, "spouse", by=None)
        services.tag(session, ada, "vip club", by=None)
        services.note_allergy(session, ada, substance="Latex", severity="mild", by=None)
        services.merge(session, world.grace, ada, take=(), reason="one", by=None)
        assert [one.value for one in queries.contacts(session, world.grace)] == ["a@b.example"]
        assert [one.other.id for one in queries.relatives(session, world.grace)] == [world.per]
        assert [one.other.id for one in queries.relatives(session, world.per)] == [ada]
        assert [name for _, name in queries.tags(session, world.grace)] == ["vip club"]
        assert [one.substance for one in queries.allergies(session, world.grace)] == ["Latex"]
        assert queries.patient(session, world.grace).allergy_state == "listed"
        services.add_contact(session, ada, kind="email", value="new@b.example", by=None)
        newest = session.scalars(select(Change).order_by(Change.id.desc())).first()
        assert newest.patient_id == world.grace
