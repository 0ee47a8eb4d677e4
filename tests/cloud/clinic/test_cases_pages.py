"""The page that looks for cases, and the file it gives."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from cloud.clinic import cases as questions
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from tests.cloud.clinic.test_cases import AUTUMN, GRACE, PER, SPRING, signed
from tests.cloud.test_views import queries_for

FORMULA, HOSTILE = "=HYPERLINK(1)", "<script>alert(1)</script>"


@pytest.fixture
def recorded(engine, world):
    """Grace in spring, Per in autumn."""
    with unit_of_work(engine, world.one) as session:
        signed(session, world, world.grace, SPRING, GRACE)
        signed(session, world, world.per, AUTUMN, PER)


def on(client, asked):
    """Record numbers found, in their order."""
    page = client.get(f"/cases?{asked}")
    assert page.status_code == 200
    return re.findall(r'<span class="quiet">([RNC]-\S+)</span>', page.get_data(as_text=True))


def test_cases_are_looked_for_by_what_stands_in_the_address(world, recorded, sign_in):
    client = sign_in(world.alice)
    assert on(client, "sign=flame_haemorrhage&hour=4") == ["R-1"]
    assert on(client, "sign=flame_haemorrhage&hour=7&hour_to=9&eye=R") == ["R-2"]
    assert on(client, "figure=iop&compare=least&limit=24") == ["R-2", "R-1"]
    assert on(client, "figure=se_manifest&compare=most&limit=−6") == ["R-1"]
    assert on(client, "diagnosis=H40") == ["R-1"]
    assert on(client, "diagnosis=myopia") == ["R-2"]
    assert on(client, "figure=iop&limit=24&until=2025-04-02") == ["R-1"]
    assert on(client, "figure=iop&limit=24&since=2025-04-03") == ["R-2"]
    assert on(sign_in(world.bob), "diagnosis=H40") == ["R-1"]  # of the chain, not of a store
    assert on(sign_in(world.charlie), "diagnosis=H40") == []


def test_a_line_says_what_was_found(world, recorded, sign_in):
    page = sign_in(world.alice).get("/cases?sign=flame_haemorrhage&hour=4").get_data(as_text=True)
    assert "Flame haemorrhage, 4 o’clock" in page
    page = sign_in(world.alice).get("/cases?diagnosis=h40.1").get_data(as_text=True)
    assert "glaucoma" in page
    assert "<td>OD</td>" in page


def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_looked_for(world, recorded, sign_in):
    client = sign_in(world.alice)
    for asked, words in (
        ("figure=iop&limit=high", "Enter a number"),
        ("figure=iop&limit=NaN", "Enter a number"),
        ("sign=flame_haemorrhage&hour=13", "from 1 to 12"),
        ("diagnosis=zzzz", "No diagnosis is called this"),
        ("diagnosis=H40&since=soon", "year-month-day"),
    ):
        page = client.get(f"/cases?{asked}").get_data(as_text=True)
        assert (words in page, "R-1" in page) == (True, False)


def test_more_than_can_be_counted_is_said_so_and_pages_follow(world, recorded, sign_in, monkeypatch):
    monkeypatch.setattr(questions, "MOST", 2)
    monkeypatch.setattr(questions, "PAGE", 2)
    client = sign_in(world.alice)
    page = client.get("/cases?figure=iop&limit=0").get_data(as_text=True)
    assert "More than 2 entries" in page
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert len(re.findall(r'<span class="quiet">R-', client.get(older).get_data(as_text=True))) == 1


def test_the_file_holds_no_formula_and_is_written_down(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        who = people.register(session, family_name=FORMULA, given_name=HOSTILE, record_number="@x").id
        signed(session, world, who, SPRING, GRACE)
    answer = sign_in(world.alice).get("/cases.csv?figure=se_manifest&compare=most&limit=-6")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[1][:4] == ["'@x", f"'{FORMULA}", HOSTILE, ""]
    assert rows[1][5:8] == ["OD", "Spherical equivalent, manifest", "−6.00 D"]
    with unit_of_work(engine, world.one) as session:
        entry = session.scalars(select(Entry).where(Entry.subject_kind == "cases")).one()
        assert (entry.verb, entry.staff_id, entry.subject_id, entry.details) == (
            *("exported", world.alice.id, "figure"),
            {"rows": 1},
        )


def test_hostile_names_are_text(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        who = people.register(session, family_name=HOSTILE, given_name="X", record_number="H-1").id
        signed(session, world, who, SPRING, GRACE)
    page = sign_in(world.alice).get("/cases?diagnosis=H40").get_data(as_text=True)
    assert (HOSTILE in page, "&lt;script&gt;" in page) == (False, True)


def test_three_cases_ask_no_more_than_one(app, world, recorded, sign_in):
    client = sign_in(world.alice)
    one, three = (queries_for(app, client, f"/cases?figure=iop&limit={limit}") for limit in (26, 0))
    assert (len(on(client, "figure=iop&limit=26")), len(on(client, "figure=iop&limit=0"))) == (1, 3)
    assert one == three > 0


def test_patients_lead_here_whom_it_concerns(world, sign_in):
    assert 'href="/cases"' in sign_in(world.alice).get("/patients").get_data(as_text=True)
    assert 'href="/cases"' not in sign_in(world.rosa).get("/patients").get_data(as_text=True)
    assert [sign_in(one).get("/cases").status_code for one in (world.rosa, world.dora)] == [403, 403]
