"""Somebody who may be here already: shown before saving, listed, compared, merged, told apart."""

from datetime import date

import pytest
from sqlalchemy import select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import queries, services
from cloud.people.errors import NoSuchPatient, NotMergeable
from cloud.people.models import Distinct, Patient

BORN = date(1984, 3, 7)


@pytest.fixture
def wang(engine, world):
    with unit_of_work(engine, world.one) as session:
        return services.register(
            session,
            record_number="W-1",
            family_name="王",
            given_name="小明",
            birth_date=BORN,
            phone="+86 138 1234 5678",
        ).id


def likely(engine, world, **known):
    with unit_of_work(engine, world.one) as session:
        return [match.patient.record_number for match in queries.likely(session, queries.traits(**known))]


@pytest.mark.parametrize(
    "known",
    [
        *({"family_name": "Xiaoming", "given_name": "Wang"}, {"family_name": "王小明"}),
        *({"family_name": "Wong", "given_name": "Xiaoming", "birth_date": BORN},),
        *({"family_name": "Wang", "given_name": "Xiao Ming", "birth_date": date(1984, 7, 3)},),
        *({"family_name": "Li", "birth_date": BORN, "telephones": ["0138 1234 5678"]},),
    ],
)
def test_a_likely_match_is_found_by_name_in_any_order_by_sound_and_by_telephone(engine, world, wang, known):
    assert likely(engine, world, **known) == ["W-1"]


@pytest.mark.parametrize(
    "known",
    [
        *({"family_name": "Wang", "given_name": "Fang", "birth_date": BORN},),
        *({"family_name": "Wang", "given_name": "Xiaoming", "birth_date": date(1950, 1, 1)},),
        *({"family_name": ""}, {"family_name": "Nobody", "telephones": ["12"]}),
    ],
)
def test_who_is_another_is_not(engine, world, wang, known):
    assert likely(engine, world, **known) == []


def test_a_document_tells_who_it_is_whatever_the_name(engine, world, wang):
    with unit_of_work(engine, world.one) as session:
        services.edit(session, wang, {"id_number": "X1"}, opened=1, by=None)
    assert likely(engine, world, family_name="Smith", id_number="X1") == ["W-1"]


def test_another_chains_people_are_never_matches(engine, world, wang):
    with unit_of_work(engine, world.two) as session:
        assert queries.likely(session, queries.traits(family_name="王", given_name="小明", birth_date=BORN)) == []


def test_a_renamed_person_is_found_under_the_new_name(engine, world, wang):
    with unit_of_work(engine, world.one) as session:
        services.edit(session, wang, {"family_name": "Lindgren", "given_name": "Max"}, opened=1, by=None)
    assert likely(engine, world, family_name="Max", given_name="Lindgren") == ["W-1"]
    assert likely(engine, world, family_name="Wang", given_name="Xiaoming") == []


TWICE = {"family_name": "Wang", "given_name": "Xiaoming", "birth_date": "1984-03-07"}


def test_at_entry_the_match_is_shown_and_nothing_is_saved_yet(engine, world, wang, sign_in):
    response = sign_in(world.rosa).post("/patients/new", data=TWICE)
    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert f'href="/patients/{wang}/details"' in text
    assert "same name" in text
    assert 'value="Xiaoming"' in text
    with unit_of_work(engine, world.one) as session:
        assert queries.count(session) == 3


def test_another_person_is_saved_and_that_is_remembered(engine, world, wang, sign_in):
    response = sign_in(world.rosa).post("/patients/new", data={**TWICE, "apart": str(wang)})
    assert response.status_code == 303
    with unit_of_work(engine, world.one) as session:
        told = session.scalars(select(Distinct)).one()
        assert (told.one_id, told.by) == (wang, world.rosa.id)
        assert queries.pairs(session) == []


@pytest.mark.parametrize("apart", ["", "x", "-1", "999999999", "١"])
def test_saying_another_person_about_somebody_else_saves_nothing(engine, world, wang, sign_in, apart):
    assert sign_in(world.rosa).post("/patients/new", data={**TWICE, "apart": apart}).status_code == 409
    with unit_of_work(engine, world.one) as session:
        assert queries.count(session) == 3


def test_enter_in_a_field_only_looks_again(world, wang, sign_in):
    """A browser presses the first button of the form, which says nothing about who it is."""
    text = sign_in(world.rosa).post("/patients/new", data=TWICE).get_data(as_text=True)
    form = text[text.index('class="sheet new-patient"') :]
    first = form[form.index("<button") :].partition(">")[0]
    assert "apart" not in first
    assert f'name="apart" value="{wang}"' in form


def twin(engine, world, **more):
    with unit_of_work(engine, world.one) as session:
        return services.register(session, family_name="Wang", given_name="Xiaoming", birth_date=BORN, **more).id


def test_the_chains_list_shows_each_pair_once_until_it_is_settled(engine, world, wang):
    other = twin(engine, world, phone="0138 1234 5678")
    with unit_of_work(engine, world.one) as session:
        pair = queries.pairs(session)[0]
        assert (len(queries.pairs(session)), pair.one.id, pair.other.id) == (1, wang, other)
        assert pair.likeness.reasons == ("same_name", "birth_date", "telephone")
        services.part(session, other, wang, by=None)
        assert queries.pairs(session) == []


def test_a_merged_pair_leaves_the_list(engine, world, wang):
    other = twin(engine, world)
    with unit_of_work(engine, world.one) as session:
        services.merge(session, wang, other, take=(), reason="one", by=None)
        assert queries.pairs(session) == []


def test_the_compare_page_shows_both_values_and_proposes_what_is_missing(engine, world, wang, sign_in):
    other = twin(engine, world, occupation="Teacher")
    text = sign_in(world.olivia).get(f"/patients/merge?survivor={wang}&absorbed={other}").get_data(as_text=True)
    for words in ("王", "Wang", "Teacher", "+86 138 1234 5678", 'name="occupation" value="absorbed" checked'):
        assert words in text
    assert 'name="family_name" value="survivor" checked' in text
    assert 'name="birth_date"' not in text


def test_merging_by_the_page_and_undoing_it_there(engine, world, wang, sign_in):
    other, olivia = twin(engine, world, occupation="Teacher"), sign_in(world.olivia)
    address = f"/patients/merge?survivor={wang}&absorbed={other}"
    assert olivia.post(address, data={"occupation": "absorbed"}).status_code == 422
    with unit_of_work(engine, world.one) as session:
        assert queries.ids_of(session, wang) == (wang,)

    entered = {"occupation": "absorbed", "reason": "same passport"}
    assert olivia.post(address, data=entered).location == f"/patients/{wang}/details"
    with unit_of_work(engine, world.one) as session:
        assert queries.ids_of(session, wang) == (wang, other)
        assert queries.patient(session, other).occupation == "Teacher"
        merge = queries.merges(session, wang)[0]
    olivia.post(f"/patients/merges/{merge.id}/undo", data={"reason": "twins"})
    with unit_of_work(engine, world.one) as session:
        assert queries.ids_of(session, wang) == (wang,)
        assert queries.patient(session, wang).occupation is None


def test_an_undo_that_cannot_be_says_why_and_changes_nothing(engine, world, wang, sign_in):
    other, olivia = twin(engine, world, occupation="Teacher"), sign_in(world.olivia)
    with unit_of_work(engine, world.one) as session:
        merge = services.merge(session, wang, other, take=["occupation"], reason="one", by=None)
        version = queries.patient(session, wang).version
        services.edit(session, wang, {"occupation": "Head teacher"}, opened=version, by=None)
    answer = olivia.post(f"/patients/merges/{merge.id}/undo", data={"reason": "?"}, follow_redirects=True)
    assert "Changed since the merge: Occupation" in answer.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert queries.ids_of(session, wang) == (wang, other)


def test_an_absorbed_records_pages_lead_to_the_open_one_in_every_room(engine, world, wang, sign_in):
    other = twin(engine, world)
    with unit_of_work(engine, world.one) as session:
        number = queries.record(session, other).record_number
        services.merge(session, wang, other, take=(), reason="one", by=None)
    alice = sign_in(world.alice)
    for page in ("", "/details", "/family", "/part"):
        assert alice.get(f"/patients/{other}{page}").location == f"/patients/{wang}{page}"
    assert alice.get(f"/patients?q={number}").location == f"/patients/{wang}"
    text = alice.get(f"/patients/{other}/details", follow_redirects=True).get_data(as_text=True)
    assert f"Record {number} was merged into this one." in text
    assert f"also {number}" in text


def test_a_form_of_an_absorbed_record_is_refused_and_saves_nothing(engine, world, wang, sign_in):
    other = twin(engine, world)
    with unit_of_work(engine, world.one) as session:
        services.merge(session, wang, other, take=(), reason="one", by=None)
    answer = sign_in(world.rosa).post(
        f"/patients/{other}/details/identity", data={"version": "1", "family_name": "Late", "given_name": ""}
    )
    assert answer.status_code == 409
    with unit_of_work(engine, world.one) as session:
        names = session.scalars(select(Patient.family_name).where(Patient.id.in_((wang, other))))
        assert "Late" not in set(names)


@pytest.mark.parametrize("who", ["rosa", "alice", "dora", "charlie"])
def test_merging_is_refused_to_whoever_may_not_and_nothing_is_merged(engine, world, wang, sign_in, who):
    other, client = twin(engine, world), sign_in(getattr(world, who))
    address = f"/patients/merge?survivor={wang}&absorbed={other}"
    assert client.get(address).status_code == 403
    assert client.post(address, data={"reason": "mine"}).status_code == 403
    assert client.post(f"/patients/duplicates/apart?survivor={wang}&absorbed={other}").status_code == 403
    with unit_of_work(engine, world.one) as session:
        assert queries.ids_of(session, wang) == (wang,)
        assert session.scalars(select(Distinct)).all() == []
        assert session.scalars(select(Entry).where(Entry.verb == "merged")).all() == []


@pytest.mark.parametrize("address", ["?survivor=1", "?survivor=x&absorbed=2", "?survivor={wang}&absorbed={wang}", ""])
def test_comparing_nonsense_is_refused(world, wang, sign_in, address):
    assert sign_in(world.olivia).get("/patients/merge" + address.format(wang=wang)).status_code == 400


def test_people_of_two_chains_are_neither_told_apart_nor_one(engine, world, wang):
    with pytest.raises(NoSuchPatient), unit_of_work(engine, world.two) as session:
        services.part(session, world.mary, wang, by=None)
    with pytest.raises(NotMergeable), unit_of_work(engine, world.one) as session:
        services.part(session, wang, wang, by=None)
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Distinct)).all() == []
