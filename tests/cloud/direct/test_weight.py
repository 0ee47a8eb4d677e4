"""How much a telephone has to fetch, and how often the database is asked."""

import gzip
import re
from datetime import date

import pytest
from sqlalchemy import event

from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from tests.cloud.booking.practice_here import found
from tests.cloud.direct.way_here import door, patient, reached

GRACE = "grace@example.test"
PAGE, SCRIPTS, STYLES = 60_000, 150_000, 30_000  # bytes as they travel, compressed
FETCHED = re.compile(r'(?:src|href)="([^"]+\.(?:js|css)[^"]*)"')


@pytest.fixture
def practice(engine, world):
    made = found(engine, world)
    reached(engine, made, world.grace, GRACE, date(1980, 5, 4))
    return made


def weight(data):
    return len(gzip.compress(data))


def test_pages_scripts_and_styles_are_light(app, engine, practice):
    one = patient(app, engine, practice.world.one)
    one.prove(door(practice), GRACE)
    pages = {one.step: one.page}
    one.send("who", person=f"p{practice.world.grace}")
    pages[one.step] = one.page
    one.send("what", **{f"type__p{practice.world.grace}": practice.check})
    pages[one.step] = one.page
    one.press("when")
    pages[one.step] = one.page
    one.send("confirm")
    pages[one.step] = one.page
    assert list(pages) == ["who", "what", "when", "confirm", "done"]
    assert {step: weight(page.encode()) for step, page in pages.items() if weight(page.encode()) > PAGE} == {}
    fetched = {address for page in pages.values() for address in FETCHED.findall(page)}
    kinds = {".js": 0, ".css": 0}
    for address in fetched:
        with one.client.get(address) as answer:
            kinds[".js" if ".js" in address else ".css"] += weight(answer.data)
    assert 0 < kinds[".js"] <= SCRIPTS
    assert 0 < kinds[".css"] <= STYLES


def asked_for(app, engine, practice):
    """How many questions the list of the household takes."""
    one = patient(app, engine, practice.world.one)
    one.prove(door(practice), GRACE)
    asked = []

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    ours = app.extensions["emmetra.engine"]
    event.listen(ours, "before_cursor_execute", note)
    one.read(f"{door(practice)}/who")
    event.remove(ours, "before_cursor_execute", note)
    return len(asked)


def test_a_household_of_four_asks_no_more_than_one_of_two(app, engine, practice):
    counts = []
    for names in (("Ben",), ("Cleo", "Dan")):
        with unit_of_work(engine, practice.world.one) as session:
            for name in names:
                child = people.register(session, family_name="Okafor", given_name=name, birth_date=date(2015, 1, 1))
                people.join_household(session, child.id, practice.world.grace, by=None)
        counts.append(asked_for(app, engine, practice))
    assert counts[0] == counts[1]
