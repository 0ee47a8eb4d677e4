"""Finding people: by any part of a name, in two scripts, by number, telephone and birth date; in one's own chain."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.database import outside, unit_of_work
from cloud.people import asked, grams, names, search, services
from cloud.people.findable import Findable
from cloud.people.models import Contact, Patient
from tests.cloud.people_here import World, found

PEOPLE = (
    ("N-0001", "张", "伟", "+86 139 1234 5678", date(1984, 3, 27)),
    ("N-0002", "欧阳锋", "", "010-5555 8888", date(1990, 12, 1)),
    ("N-0003", "Müller", "Änne Sophie", "+49 30 901820", date(1958, 7, 4)),
    ("N-0004", "O'Hara", "Jean-Pierre", "07700 900123", date(2012, 2, 29)),
    ("N-0005", "吕", "丽", "", None),
    ("N-0006", "Wang", "Wei", "", date(1984, 3, 27)),
    ("A%7_x\\", "Łukasz", "Øre", "", None),
    ("N-0008", "曾", "乐", "", None),
)


@pytest.fixture
def known(engine: Engine, world: World) -> None:
    """People of chain one, and one namesake in the other."""
    bring(engine, world)


@pytest.fixture(scope="module")
def town(owner: Engine, engine: Engine, cheap_passwords: None) -> World:
    """The same people in two chains, for all who only look."""
    town = found(owner, engine, 900_002)
    bring(engine, town)
    return town


def bring(engine: Engine, world: World) -> None:
    for chain in (world.one, world.two):
        with unit_of_work(engine, chain) as session:
            for number, family, given_name, phone, born in PEOPLE:
                who = {"family_name": family, "given_name": given_name, "phone": phone, "birth_date": born}
                services.register(session, record_number=number, **who)


def numbers(session: Session, typed: str, room: int = 50) -> list[str]:
    ids = search.find(session, typed, room)
    found = {one.id: one.record_number for one in session.scalars(select(Patient).where(Patient.id.in_(ids)))}
    assert set(found) == set(ids)
    return [found[one] for one in ids]


ZHANG, OUYANG, MULLER, OHARA, LU, WANG, LUKASZ, ZENG = (one[0] for one in PEOPLE)
TYPED = [
    *((word, ZHANG) for word in ("张", "伟", "张伟", "zhang", "ZHANG WEI", "wei zhang", "zhangwei", "zw", "hangw")),
    *((word, OUYANG) for word in ("欧阳", "阳锋", "ouyang", "ouyangfeng", "oyf", "feng ouyang", "yang")),
    *((word, MULLER) for word in ("muller", "MÜLLER", "mueller", "sophie mül", "änne", "aenne", "anne", "ophi")),
    *((word, OHARA) for word in ("o'hara", "ohara", "o’hara", "hara", "jean pierre", "jeanpierre", "pierre", "j o'h")),
    *((word, LU) for word in ("lv", "lu li", "lyuli", "吕丽", "ll")),
    *((word, LUKASZ) for word in ("lukasz", "ŁUKASZ", "ore", "øre", "a%7", "%7_", "_x\\", "A%7_x\\", "%", "\\")),
    *((word, ZENG) for word in ("zengle", "zengyue", "曾乐", "zy")),
    *(
        (word, ZHANG)
        for word in ("1391234", "13912345678", "+86 139 1234 5678", "(139) 1234-5678", "5678", "345", "139 5678")
    ),
    *((word, OUYANG) for word in ("01055558888", "010-5555", "8888")),
    *((word, OHARA) for word in ("07700900123", "0123", "0077 00 900123")),
    *((word, ZHANG) for word in ("1984-03-27", "27/03/1984", "03/27/1984", "27.3.84", "19840327", "270384", "840327")),
    *((word, ZHANG) for word in ("1984年3月27日", "1984 年 3 月 27 日", "张 1984", "27031984", "zhang 27/03/1984")),
    *((word, OHARA) for word in ("2012-02-29", "29/02/2012", "N-0004", "n-0004", "n0004", "0004", " N-0004 ")),
]


@pytest.mark.parametrize(("typed", "number"), TYPED)
def test_a_person_is_found_by(engine, town, typed, number):
    with unit_of_work(engine, town.one) as session:
        assert number in numbers(session, typed)


@pytest.mark.parametrize(
    "typed", ["", "  ", "zhang li", "张丽", "'; DROP TABLE people_search --", "2012-02-30", "x" * 500]
)
def test_nobody_answers_to(engine, town, typed):
    with unit_of_work(engine, town.one) as session:
        assert numbers(session, typed) == []


def test_a_birth_date_is_not_taken_for_another(engine, town):
    with unit_of_work(engine, town.one) as session:
        assert sorted(numbers(session, "1984-03-27")) == [ZHANG, WANG]
        assert numbers(session, "wang 1984-03-27") == [WANG]


def test_the_likeliest_comes_first(engine, world):
    with unit_of_work(engine, world.one) as session:
        for number, family, given_name in (
            ("Li", "Novak", "Eva"),
            ("R-11", "Lindt", "Ada"),
            ("R-12", "Novak", "Lisa"),
            ("R-13", "Oliver", "Ann"),
            ("R-14", "Lindt", "Zoe"),
        ):
            services.register(session, record_number=number, family_name=family, given_name=given_name)
        assert numbers(session, "Li") == ["Li", "R-14", "R-11", "R-2", "R-12", "R-13"]
        assert numbers(session, "Li", room=2) == ["Li", "R-14"]


def test_whoever_came_long_ago_is_found_through_the_index(engine, town, monkeypatch):
    monkeypatch.setattr(search, "NEWEST", 1)
    with unit_of_work(engine, town.one) as session:
        for typed in ("张", "zhang wei", "hangw", "1984-03-27", "1391234", "n-0001", "zw"):
            assert ZHANG in numbers(session, typed)


def test_a_change_is_found_at_once_and_what_was_before_no_more(engine, world, known):
    with unit_of_work(engine, world.one) as session:
        patient = session.scalars(select(Patient).where(Patient.record_number == ZHANG)).one()
        for old in session.scalars(select(Contact).where(Contact.patient_id == patient.id)):
            old.ended_at = now()
        patient.family_name, patient.phone = "Kovacs", "555 0199"
        session.flush()
        assert (numbers(session, "kovacs"), numbers(session, "5550199")) == ([ZHANG], [ZHANG])
        assert (numbers(session, "zhangwei"), numbers(session, "1391234")) == ([], [])


def test_nobody_can_be_entered_unfindable(engine, world):
    with pytest.raises(IntegrityError), unit_of_work(engine, world.one) as session:
        session.execute(insert(Patient).values(record_number="R-9", family_name="Ghost"))
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(Patient.id).where(Patient.record_number == "R-9")) is None
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(delete(Findable))


def test_of_two_chains_each_finds_its_own(engine, town):
    for chain in (town.one, town.two):
        with unit_of_work(engine, chain) as session:
            ours = set(session.scalars(select(Patient.id)))
            for typed in ("张", "zhang", "wei", "N-0001", "5678", "1984-03-27", "hang", "%", "R-1"):
                found = search.find(session, typed, 50)
                assert found
                assert set(found) <= ours


FINDERS = (
    "people_find_newest(ARRAY['%'], '%', 1000, 1000)",
    "people_find_pieces(ARRAY['%'], '%', '{}'::integer[], 1000)",
)


@pytest.mark.parametrize("finder", FINDERS)
def test_the_finders_give_ids_of_the_chosen_chain_and_nothing_else(engine, town, finder):
    asked_for = text(f"SELECT found FROM {finder} AS found")
    with unit_of_work(engine, town.one) as session:
        assert set(session.scalars(asked_for)) == set(session.scalars(select(Patient.id)))
    with unit_of_work(engine, town.two) as session:
        assert set(session.scalars(asked_for)) == set(session.scalars(select(Patient.id)))
    with outside(engine) as session:
        assert session.scalars(asked_for).all() == []


@pytest.mark.parametrize("typed", ["zhang", "wei", "张伟", "1391"])
def test_the_index_on_pieces_is_one_that_can_be_used(owner, engine, town, typed):
    """As the directory, where the operators may go to the index; the application itself may not."""
    needed = {"pieces": grams.asked(town.one, typed)}
    question = text("EXPLAIN SELECT patient_id FROM people_search WHERE grams @> CAST(:pieces AS integer[])")
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL ROLE emmetra_directory"))
        plan = "\n".join(connection.scalars(question, needed))
    assert "ix_people_search_grams" in plan


@pytest.mark.parametrize(
    ("family", "given_name", "wanted"),
    [
        ("单", "乐", {"shan", "dan", "le", "yue", "shanle", "sl", "单乐"}),
        ("司马", "光", {"司马", "sima", "simaguang", "smg"}),
        ("司马光", "", {"司马", "sima", "simaguang", "smg"}),
        ("王", "David", {"王", "wang", "david", "wangdavid"}),
        ("van der Berg", "", {"van", "der", "berg"}),
        ("김", "민준", {"김민준"}),
    ],
)
def test_a_name_is_known_in_all_its_forms(family, given_name, wanted):
    assert wanted <= set(names.forms(family, given_name))


@pytest.mark.parametrize(
    ("name", "key"), [(("张", "伟"), "zhang wei"), (("张伟", ""), "zhang wei"), (("Ödön", "É"), "odon e")]
)
def test_lists_are_ordered_by_the_folded_name(name, key):
    assert names.sort_key(*name) == key


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        *(("1984-03-27", [date(1984, 3, 27)]), ("27/03/1984", [date(1984, 3, 27)]), ("3/27/1984", [date(1984, 3, 27)])),
        *(("04/03/1984", [date(1984, 3, 4), date(1984, 4, 3)]), ("1984.3.7", [date(1984, 3, 7)]), ("31/02/84", [])),
        *(("120305", [date(2005, 3, 12), date(2005, 12, 3), date(2012, 3, 5)]), ("2999-01-01", []), ("1899-01-01", [])),
        *(("1984", []), ("1-2", []), ("x", []), ("000000", []), ("99/99/9999", [])),
    ],
)
def test_a_birth_date_is_read_in_any_usual_spelling(typed, days):
    assert asked.born(typed) == days


@given(st.text(max_size=60))
def test_whatever_is_typed_means_something_or_nothing(typed):
    found = asked.meanings(typed)
    assert len(found) <= asked.MOST_MEANINGS
    assert all(meaning and all(needle.strip() for needle in meaning) for meaning in found)


WORDS = st.text("abcdexyz王张伟丽01279%_", min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=4), st.data())
def test_every_part_of_a_word_has_only_pieces_that_are_kept(words, data):
    """Whatever is in the line is never missed by the index."""
    kept = set(grams.numbers(7, words))
    line = f" {' '.join(words)} "
    word = f" {data.draw(st.sampled_from(words))} "
    begin = data.draw(st.integers(0, len(word) - 1))
    needle = word[begin : data.draw(st.integers(begin + 1, len(word)))]
    assert needle in line
    assert set(grams.asked(7, needle)) <= kept


@given(st.text(max_size=8), st.integers(1, 2**31 - 1))
def test_pieces_are_integers_of_postgresql_and_the_chains_own(piece, tenant):
    assert -(2**31) <= grams.number(tenant, piece) < 2**31
    assert grams.number(3, "wei") != grams.number(4, "wei")
