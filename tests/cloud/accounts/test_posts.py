"""Who may do what, and where: roles as a table, posts in a store, a region or the whole chain."""

import pytest
from sqlalchemy import Engine, delete

from cloud.accounts import queries
from cloud.accounts.choices import May, Role
from cloud.accounts.models import Post, Region, Store
from cloud.accounts.rules import allowed
from cloud.kernel.database import unit_of_work
from tests.cloud.people_here import World

X, _ = True, False
#                            owner manager clinician assistant reception engineer
TABLE = {
    May.SEE_PATIENTS: (X, X, X, X, X, _),
    May.EDIT_PATIENTS: (X, X, X, X, X, _),
    May.SEE_CHANGES: (X, X, X, _, _, _),
    May.MERGE_PATIENTS: (X, X, _, _, _, _),
    May.IMPORT_PATIENTS: (X, X, _, _, _, _),
    May.SEE_READINGS: (X, X, X, X, _, _),
    May.FILE_READINGS: (X, X, X, X, _, _),
    May.ACCEPT_READINGS: (X, X, X, X, _, _),
    May.SEE_RECORD: (X, X, X, X, _, _),
    May.WRITE_RECORD: (_, _, X, X, _, _),
    May.SIGN_RECORD: (_, _, X, _, _, _),
    May.PRESCRIBE: (_, _, X, _, _, _),
    May.SEE_RECALLS: (X, X, X, X, X, _),
    May.ORDER_TESTS: (X, X, X, X, X, _),
    May.SEE_SCHEDULE: (X, X, X, X, X, _),
    May.BOOK: (X, X, X, X, X, _),
    May.OVERBOOK: (X, X, X, _, _, _),
    May.WORK_STATIONS: (X, X, X, X, X, _),
    May.PLAN: (X, X, _, _, _, _),
    May.SEE_MESSAGES: (X, X, X, X, X, _),
    May.SET_EXCHANGE: (X, X, _, _, _, _),
    May.ENROL_GATEWAYS: (X, X, _, _, _, X),
    May.ROLL_OUT: (X, X, _, _, _, X),
    May.SET_CALCULATORS: (X, X, _, _, _, _),
    May.SEE_FLEET: (X, X, X, X, X, X),
    May.SEE_SPACE: (X, X, _, _, _, _),
    May.MEND_FLEET: (X, X, _, _, _, X),
    May.SEE_COMPONENTS: (X, X, X, X, X, X),
}


@pytest.mark.parametrize("action", May)
def test_a_role_may_what_its_line_says(action):
    assert tuple(action in allowed([role]) for role in Role) == TABLE[action]


def test_roles_add_up_and_none_allows_nothing():
    assert allowed([Role.RECEPTION, Role.ENGINEER]) == allowed([Role.RECEPTION]) | allowed([Role.ENGINEER])
    assert allowed([]) == frozenset()


def test_a_role_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="wizard"):
        allowed(["wizard"])


def posted(engine: Engine, world: World, *places: dict[str, object]) -> None:
    with unit_of_work(engine, world.one) as session:
        session.execute(delete(Post).where(Post.staff_id == world.alice.id))
        session.add_all(Post(staff_id=world.alice.id, **place) for place in places)


def at_work(engine: Engine, world: World, store_id: int | None) -> tuple[str | None, set[str], list[str]]:
    """Where Alice finds herself, her roles there, and the stores she may choose."""
    with unit_of_work(engine, world.one) as session:
        person = queries.person(session, world.alice.id, store_id)
        assert person is not None
        return person.store and person.store.slug, set(person.roles), [store.slug for store in person.stores]


def test_a_store_is_chosen_by_its_slug_before_another_whose_name_is_the_same(engine, world):
    posted(engine, world, {"role": "clinician"})
    with unit_of_work(engine, world.one) as session:
        session.add(Store(slug="named", name="HILL", zone="Europe/Lisbon"))
        session.flush()
        stores = queries.Stores(session, world.alice.id)
        found = [stores.named(said) for said in ("pier", "hill", "PIER", "nowhere")]
        assert [one and one.slug for one in found] == ["pier", "hill", "pier", None]


def test_a_post_in_a_store_holds_there_alone(engine, world):
    posted(engine, world, {"role": "clinician", "store_id": world.pier.id})
    assert at_work(engine, world, world.pier.id) == ("pier", {"clinician"}, ["pier"])
    assert at_work(engine, world, world.hill.id) == ("pier", {"clinician"}, ["pier"])


def test_a_post_in_the_chain_holds_everywhere(engine, world):
    posted(engine, world, {"role": "manager"})
    assert at_work(engine, world, world.hill.id) == ("hill", {"manager"}, ["hill", "pier"])


def test_a_post_in_a_region_holds_in_its_stores(engine, world):
    with unit_of_work(engine, world.one) as session:
        region = Region(name="North")
        session.add(region)
        session.flush()
        session.get_one(Store, (world.one, world.hill.id)).region_id = region.id
    posted(engine, world, {"role": "engineer", "region_id": region.id})
    assert at_work(engine, world, world.pier.id) == ("hill", {"engineer"}, ["hill"])


def test_each_store_has_its_own_roles(engine, world):
    posted(
        engine,
        world,
        {"role": "clinician", "store_id": world.pier.id},
        {"role": "reception", "store_id": world.hill.id},
        {"role": "reception", "store_id": world.hill.id},
    )
    assert at_work(engine, world, world.pier.id) == ("pier", {"clinician"}, ["hill", "pier"])
    assert at_work(engine, world, world.hill.id) == ("hill", {"reception"}, ["hill", "pier"])


def test_without_a_post_there_is_no_store_and_no_right(engine, world, sign_in):
    posted(engine, world)
    assert at_work(engine, world, world.pier.id) == (None, set(), [])
    assert sign_in(world.alice).get("/patients").status_code == 403


def test_a_right_ends_at_the_store_it_was_given_for(engine, world, sign_in):
    posted(
        engine,
        world,
        {"role": "clinician", "store_id": world.pier.id},
        {"role": "reception", "store_id": world.hill.id},
    )
    assert sign_in(world.alice, store_id=world.pier.id).get(f"/patients/{world.grace}").status_code == 200
    assert sign_in(world.alice, store_id=world.hill.id).get(f"/patients/{world.grace}").status_code == 403
