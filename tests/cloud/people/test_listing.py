"""The list of patients page by page, narrowed, and what the top bar offers while somebody types."""

import re

import pytest
from sqlalchemy import Engine, select, update

from cloud.kernel.database import unit_of_work
from cloud.people import queries, services
from cloud.people.marking import marked
from cloud.people.models import Patient
from cloud.people.queries import listing
from cloud.people.queries.listing import Narrowed
from tests.cloud.people_here import World

NAMES = ("Ash", "Birch", "陈", "Dogwood", "Elm", "Fir", "Ginkgo")


@pytest.fixture
def wood(engine: Engine, world: World) -> None:
    """Seven more patients of chain one, the even ones at home on the hill."""
    with unit_of_work(engine, world.one) as session:
        for at, name in enumerate(NAMES):
            home = world.hill.id if at % 2 == 0 else world.pier.id
            services.register(session, record_number=f"W-{9 - at}", family_name=name, home_store_id=home)


def walk(engine: Engine, world: World, of: Narrowed, limit: int = 2) -> tuple[list[str], list[str]]:
    """Family names page by page to the end, and back again to the begin."""
    there, back = list[str](), list[str]()
    with unit_of_work(engine, world.one) as session:
        page = queries.page(session, of, limit=limit)
        assert page.newer is None
        there += [one.family_name for one in page.patients]
        while page.older is not None:
            page = queries.page(session, of, after=page.older, limit=limit)
            there += [one.family_name for one in page.patients]
        back += [one.family_name for one in page.patients[::-1]]
        while page.newer is not None:
            page = queries.page(session, of, before=page.newer, limit=limit)
            back += [one.family_name for one in page.patients[::-1]]
    return there, back


ORDERED = {
    "newest": ["Ginkgo", "Fir", "Elm", "Dogwood", "陈", "Birch", "Ash", "Lindqvist", "Okafor"],
    "name": ["Ash", "Birch", "陈", "Dogwood", "Elm", "Fir", "Ginkgo", "Lindqvist", "Okafor"],
    "number": ["Okafor", "Lindqvist", "Ginkgo", "Fir", "Elm", "Dogwood", "陈", "Birch", "Ash"],
}


@pytest.mark.parametrize("order", ORDERED)
@pytest.mark.parametrize("limit", [1, 2, 4, 9, 50])
def test_every_page_follows_on_there_and_back(engine, world, wood, order, limit):
    there, back = walk(engine, world, Narrowed(order=order), limit)
    assert there == ORDERED[order]
    assert back == ORDERED[order][::-1]


def test_a_list_is_narrowed_by_store_and_status(engine, world, wood):
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Patient).where(Patient.family_name == "Elm").values(status="moved"))
    there, _back = walk(engine, world, Narrowed(store_id=world.hill.id, order="name"))
    assert there == ["Ash", "陈", "Elm", "Ginkgo"]
    there, _back = walk(engine, world, Narrowed(store_id=world.hill.id, status="active", order="name"))
    assert there == ["Ash", "陈", "Ginkgo"]
    with unit_of_work(engine, world.one) as session:
        found = queries.search(session, "w-", of=Narrowed(status="moved"))
        assert [one.family_name for one in found] == ["Elm"]


def test_more_than_a_list_counts_is_said_so(engine, world, wood, sign_in, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED", 5)
    with unit_of_work(engine, world.one) as session:
        page = queries.page(session, Narrowed())
        assert (page.total, page.more) == (5, True)
    assert "More than 5 entries" in sign_in(world.alice).get("/patients").get_data(as_text=True)


def test_the_page_keeps_what_was_asked_in_its_address(world, wood, sign_in):
    page = sign_in(world.alice).get(f"/patients?store={world.hill.id}&order=name").get_data(as_text=True)
    assert re.findall(r">(Ash|Birch|陈|Dogwood|Elm|Fir|Ginkgo|Okafor)<", page) == ["Ash", "陈", "Elm", "Ginkgo"]
    assert "4 entries" in page


@pytest.mark.parametrize("nonsense", ["store=x", "status=dead", "label=-1", "order=age", "after=0", "before=999999999"])
def test_nonsense_in_the_address_is_no_error(world, sign_in, nonsense):
    assert sign_in(world.alice).get(f"/patients?{nonsense}").status_code == 200


def offered(page: str) -> list[str]:
    return re.findall(r'role="option".*?<span class="found-name">(.*?)</span>', page, re.DOTALL)


def test_what_was_typed_is_offered_and_marked(world, wood, sign_in):
    page = sign_in(world.alice).get("/patients/find?q=oka").get_data(as_text=True)
    assert offered(page) == ["Grace <mark>Oka</mark>for"]
    assert f'data-href="/patients/{world.grace}"' in page
    assert "1 patient found" in page
    assert offered(sign_in(world.alice).get("/patients/find?q=chen").get_data(as_text=True)) == ["<mark>陈</mark>"]


def test_nobody_is_offered_for_nothing_and_for_another_chains(world, sign_in):
    for typed in ("", "%20", "hidden", "mary"):
        page = sign_in(world.alice).get(f"/patients/find?q={typed}").get_data(as_text=True)
        assert (offered(page), "Nobody found" in page) == ([], True)


def test_no_more_than_a_handful_is_offered_and_it_is_said(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        for at in range(9):
            services.register(session, record_number=f"T-{at}", family_name="Twin")
    page = sign_in(world.alice).get("/patients/find?q=twin").get_data(as_text=True)
    assert len(offered(page)) == 8
    assert "More than 8 found" in page
    assert "9 entries" in sign_in(world.alice).get("/patients?q=twin").get_data(as_text=True)


def test_more_found_than_a_page_holds_is_said_honestly(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        for at in range(queries.PAGE + 1):
            services.register(session, record_number=f"T-{at}", family_name="Twin")
    page = sign_in(world.alice).get("/patients?q=twin").get_data(as_text=True)
    assert "More than 50 entries" in page


def test_both_numbers_of_a_merged_person_lead_to_the_open_record(engine, world):
    with unit_of_work(engine, world.one) as session:
        services.merge(session, world.grace, world.per, take=(), reason="the same", by=world.alice.id)
    with unit_of_work(engine, world.one) as session:
        for typed in ("R-1", "R-2", "lindqvist", "okafor", "per"):
            assert [one.id for one in queries.search(session, typed)] == [world.grace]
        assert session.scalar(select(Patient.merged_into).where(Patient.id == world.per)) == world.grace
        assert queries.count(session) == 1


@pytest.mark.parametrize(
    ("shown", "typed", "lit"),
    [
        *(("Grace Okafor", "OKA", ["Oka"]), ("Änne Müller", "muller", ["Müller"]), ("张伟", "wei", ["伟"])),
        *(("张伟", "zw", ["张伟"]), ("张伟", "张", ["张"]), ("+86 139 1234", "139123", ["139 123"])),
        *(("1984-03-27", "27/03/1984", ["1984-03-27"]), ("Grace Okafor", "gr oka", ["Gr", "Oka"]), ("Per", "x", [])),
    ],
)
def test_what_was_typed_is_found_in_what_is_shown(shown, typed, lit):
    pieces = marked(shown, typed)
    assert "".join(piece for piece, _mark in pieces) == shown
    assert "".join(piece for piece, mark in pieces if mark) == "".join(lit)
