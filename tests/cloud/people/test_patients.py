"""Finding and adding patients, with good, bad and hostile input."""

import threading
from datetime import date, timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, select

from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import numbers, queries, services
from cloud.people.errors import NoSuchPatient, RecordNumberTaken
from cloud.people.forms import MORE, SHORT, PersonForm
from cloud.people.models import Patient
from tests.cloud.people_here import World
from tests.cloud.servers import Server, wait_until


@pytest.fixture
def known(engine: Engine, world: World) -> None:
    """Some more patients of chain one."""
    with unit_of_work(engine, world.one) as session:
        for number, family, given, phone in (
            ("A_1", "王", "芳", "+86 10 5555"),
            ("A%2", "Müller", "Änne", ""),
            ("A\\3", "O'Hara", "", "0123"),
            ("AX1", "Novak", "Eva", ""),
        ):
            services.register(session, record_number=number, family_name=family, given_name=given, phone=phone)


def search(engine: Engine, world: World, words: str) -> list[str]:
    with unit_of_work(engine, world.one) as session:
        return sorted(patient.record_number for patient in queries.search(session, words))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        *(("R-1", ["R-1"]), ("okafor", ["R-1"]), ("grace okafor", ["R-1"]), ("王芳", ["A_1"]), ("5555", ["A_1"])),
        *(("müller", ["A%2"]), ("A_1", ["A_1"]), ("A%2", ["A%2"]), ("%", ["A%2"]), ("_", ["A_1"]), ("\\", ["A\\3"])),
        *(("o'hara", ["A\\3"]), ("grace lindqvist", []), ("'; DROP TABLE people_patient --", []), ("nobody", [])),
    ],
)
def test_every_word_is_looked_for_in_number_name_and_telephone(engine, world, known, words, found):
    assert search(engine, world, words) == found


def test_nothing_asked_shows_the_newest(engine, world, known):
    with unit_of_work(engine, world.one) as session:
        assert [p.record_number for p in queries.search(session, " ", limit=2)] == ["AX1", "A\\3"]
        assert queries.count(session) == 6


def test_a_search_finds_nobody_of_another_chain(engine, world):
    assert search(engine, world, "Hidden") == []
    with pytest.raises(NoSuchPatient), unit_of_work(engine, world.one) as session:
        queries.patient(session, world.mary)


def test_a_record_number_is_one_patients_in_a_chain_and_free_in_another(engine, world):
    with pytest.raises(RecordNumberTaken), unit_of_work(engine, world.one) as session:
        services.register(session, record_number="R-1", family_name="Second")
    with unit_of_work(engine, world.two) as session:
        services.register(session, record_number="R-2", family_name="Free", by=world.charlie.id)
        trail = session.scalars(
            select(Entry).where(Entry.verb == "registered", Entry.staff_id == world.charlie.id)
        ).all()
        assert len(trail) == 1
    with unit_of_work(engine, world.one) as session:
        assert queries.count(session) == 2


def test_of_two_who_take_the_same_number_at_the_same_moment_one_is_refused_by_name(server, engine, world):
    refusals = list[Exception]()

    def late() -> None:
        try:
            with unit_of_work(engine, world.one) as session:
                services.register(session, record_number="R-9", family_name="Late")
        except RecordNumberTaken as refusal:
            refusals.append(refusal)

    with unit_of_work(engine, world.one) as session:
        services.register(session, record_number="R-9", family_name="First")
        thread = threading.Thread(target=late)
        thread.start()
        wait_until(lambda: waiting(server) == 1)
    thread.join(10)
    assert [type(one) for one in refusals] == [RecordNumberTaken]
    assert search(engine, world, "R-9") == ["R-9"]


def waiting(server: Server) -> int:
    """How many wait for another's transaction."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid'"
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        return int(connection.execute(asked).fetchone()[0])  # type: ignore[index]


def parsed(app: Flask, **entered: str) -> PersonForm:
    with app.test_request_context("/"):
        return PersonForm.parse((*SHORT, *MORE), {"family_name": "New", **entered})


def test_a_good_form_is_read_and_trimmed(app):
    form = parsed(app, family_name="  van   der Berg ", given_name="Änne", birth_date=" 1984-03-27 ", language="zh")
    assert form.errors == {}
    assert (form.values["family_name"], form.values["given_name"]) == ("van der Berg", "Änne")
    assert (form.values["birth_date"], form.values["language"]) == (date(1984, 3, 27), "zh")


def test_a_birth_year_stands_alone_or_agrees_with_the_date(app):
    assert parsed(app, birth_year="1931").values["birth_year"] == 1931
    assert parsed(app, birth_year="1984", birth_date="1984-03-27").values["birth_year"] is None
    assert list(parsed(app, birth_year="1985", birth_date="1984-03-27").errors) == ["birth_year"]


TOMORROW = (now() + timedelta(days=2)).date().isoformat()
BAD = [
    *(("record_number", "x" * 41), ("record_number", "R\x001"), ("family_name", ""), ("family_name", " \t ")),
    *(("family_name", "x" * 101), ("family_name", "N\x00"), ("family_name", "a\x01b"), ("native_name", "x" * 101)),
    *(("given_name", "x" * 101), ("given_name", "\x7f"), ("phone", "1" * 41), ("phone", "\u202e1")),
    *(("birth_date", "27.3.1984"), ("birth_date", "1899-12-31"), ("birth_date", TOMORROW), ("birth_date", "\x00")),
    *(("language", "klingon-and-more"), ("language", "xx"), ("sex", "x"), ("id_kind", "library")),
    *(("birth_year", "84"), ("birth_year", "1899"), ("birth_year", "١٩٨٤"), ("birth_year", "9999")),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_does_not_fit_is_said_at_its_field_and_changes_nothing(app, engine, world, sign_in, name, value):
    assert list(parsed(app, **{name: value}).errors) == [name]
    entered = {"record_number": "R-9", "family_name": "New", name: value}
    response = sign_in(world.alice).post("/patients/new", data=entered)

    assert response.status_code == 422
    assert f'id="{name}-error"' in response.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert queries.count(session) == 2


@pytest.mark.parametrize("phone", ["call me", "12", "1" * 16])
def test_what_is_no_telephone_is_said_at_its_field(engine, world, sign_in, phone):
    response = sign_in(world.rosa).post("/patients/new", data={"family_name": "New", "phone": phone})
    assert response.status_code == 422
    assert 'id="phone-error"' in response.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert queries.count(session) == 2


@pytest.mark.parametrize("name", ["<b>Bold</b>", "Robert'); DROP TABLE people_patient;--", "{{ 7*7 }}", "Ωμέγα", "李"])
def test_an_unusual_name_is_a_name(engine, world, sign_in, name):
    response = sign_in(world.rosa).post("/patients/new", data={"record_number": "R-9", "family_name": name})
    assert response.status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Patient.family_name).where(Patient.record_number == "R-9")).one() == name


def test_a_new_patient_belongs_to_the_store_and_opens_at_once(engine, world, sign_in):
    response = sign_in(world.alice).post("/patients/new", data={"record_number": "R-9", "family_name": "New"})
    with unit_of_work(engine, world.one) as session:
        patient = session.scalars(select(Patient).where(Patient.record_number == "R-9")).one()
    assert response.location == f"/patients/{patient.id}"
    assert patient.home_store_id == world.pier.id


def test_reception_lands_on_the_details_as_charts_are_not_its_business(engine, world, sign_in):
    response = sign_in(world.rosa).post("/patients/new", data={"family_name": "New"})
    with unit_of_work(engine, world.one) as session:
        newest = session.scalars(select(Patient).order_by(Patient.id.desc())).first()
    assert response.location == f"/patients/{newest.id}/details"


def test_a_taken_number_is_said_and_what_was_typed_stays(world, sign_in):
    response = sign_in(world.alice).post("/patients/new", data={"record_number": "R-1", "family_name": "Twice"})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Another patient already has this record number." in page
    assert 'value="Twice"' in page


def test_without_a_number_the_chain_gives_its_next_and_its_check_digit_holds(engine, world):
    with unit_of_work(engine, world.one) as session:
        given = [services.register(session, family_name="New").record_number for _ in range(3)]
    with unit_of_work(engine, world.two) as session:
        other = services.register(session, family_name="New").record_number
    assert [number[:-1] for number in given] == [str(numbers.FIRST + step) for step in range(3)]
    assert all(map(numbers.holds, given))
    assert other == given[0]


def test_a_number_somebody_brought_along_is_stepped_over(engine, world):
    taken = numbers.numbered(numbers.FIRST)
    with unit_of_work(engine, world.one) as session:
        services.register(session, record_number=taken, family_name="Imported")
        assert services.register(session, family_name="New").record_number == numbers.numbered(numbers.FIRST + 1)


def test_two_desks_never_get_the_same_number(engine, world):
    given = list[str]()

    def desk() -> None:
        for _ in range(5):
            with unit_of_work(engine, world.one) as session:
                given.append(services.register(session, family_name="New").record_number)

    desks = [threading.Thread(target=desk) for _ in range(4)]
    for one in desks:
        one.start()
    for one in desks:
        one.join(30)
    assert len(given) == len(set(given)) == 20


def test_a_telephone_becomes_a_contact_point(engine, world):
    with unit_of_work(engine, world.one) as session:
        patient = services.register(session, family_name="New", phone="+44 (0)7700 900123")
        contact = queries.contacts(session, patient.id)[0]
        assert (contact.value, contact.normalized, contact.preferred) == ("+44 (0)7700 900123", "+447700900123", True)


def test_one_exact_record_number_opens_the_chart_for_whoever_may_see_it(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        for number in range(queries.PAGE + 5):
            services.register(session, record_number=f"R-1{number:03}", family_name="Aaa")
    assert sign_in(world.alice).get("/patients?q=R-1").location == f"/patients/{world.grace}"
    assert sign_in(world.rosa).get("/patients?q=R-1").status_code == 200
