"""Pages of what was measured over the years, with what the demo's instruments measured."""

import csv
import io
import json
import zipfile

import pytest
from sqlalchemy import select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.readings import queries, services
from cloud.readings.choices import Verdict
from deploy.demo import examined
from deploy.demo.seeding import PATIENTS
from tests.cloud.clinic.test_pages import EVIL, queries_for, seen, words


@pytest.fixture
def patients(engine, world):
    """The demo's patients with what its instruments measured; ids by record number."""
    with unit_of_work(engine, world.one) as session:
        found = {
            number: people.register(
                session, record_number=number, family_name=family, given_name=given, birth_date=born
            ).id
            for number, family, given, born, _language in PATIENTS
        }
        examined.bring(session, world.pier.sender, found, by=world.alice.id)
    return found


@pytest.fixture
def suspect(patients):
    return patients["H-1005"]


def test_a_field_that_worsens_says_how_fast_in_words_that_diagnose_nothing(world, suspect, sign_in):
    page = seen(sign_in(world.alice), f"/patients/{suspect}/trends/md")
    assert "OS, 24-2, SITA Standard: −0.54 dB per year, 6 visits, 5.1 years" in page
    assert "a description, not a diagnosis" in page


def test_thickness_of_two_instruments_has_two_slopes_and_a_mark(world, suspect, sign_in):
    page = seen(sign_in(world.alice), f"/patients/{suspect}/trends/rnfl")
    assert "OD, Lumen Cube 512: −0.5 µm per year, 3 visits, 2.0 years" in page
    assert "OD, Northlight Tomograph 3: too few visits" in page
    assert "Other instrument: Northlight Tomograph 3" in page
    assert "a line never passes from one to another" in page


def test_all_trends_lead_to_each(world, suspect, sign_in):
    page = sign_in(world.alice).get(f"/patients/{suspect}/trends").get_data(as_text=True)
    assert [f"/patients/{suspect}/trends/{code}" in page for code in ("md", "vfi", "rnfl", "cct")] == [True] * 4
    assert f"/patients/{suspect}/biomechanics" in page


def test_a_figure_that_nobody_follows_is_not_there(world, suspect, sign_in):
    client = sign_in(world.alice)
    assert client.get(f"/patients/{suspect}/trends/shoe-size").status_code == 404
    assert client.get(f"/patients/{suspect}/trends/shoe-size.csv").status_code == 404


def test_the_table_leaves_as_csv(world, suspect, sign_in):
    answer = sign_in(world.alice).get(f"/patients/{suspect}/trends/vfi.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", "no-store")
    assert [row["VFI (%)"] for row in rows] == ["98", "97", "95", "94", "92", "90"]
    assert {row["Method"] for row in rows} == {"24-2, SITA Standard"}


def test_both_corneas_stand_beside_each_other(world, suspect, sign_in):
    client = sign_in(world.alice)
    page = client.get(f"/patients/{suspect}/biomechanics")
    assert page.get_data(as_text=True).count('class="map map-plane') == 2
    told = words(page)
    assert [word in told for word in ("Zephyr Scheimpflug ST 2", "bIOP (mmHg)", "SP-A1 (mmHg/mm)")] == [True] * 3


def test_a_rejected_reading_leaves_the_trend(engine, world, suspect, sign_in):
    client, address = sign_in(world.alice), f"/patients/{suspect}/trends/md"
    before = seen(client, address)
    with unit_of_work(engine, world.one) as session:
        last = next(
            one for one in queries.of_patient(session, suspect) if one.reading.__class__.__name__ == "VisualField"
        )
        said = {"reading_id": last.id, "patient_id": suspect, "by": world.alice.id}
        services.decide(session, **said, verdict=Verdict.REJECTED, why="Wrong patient")
    assert ("−4.05" in before, "−4.05" in seen(client, address)) == (True, False)


def test_an_empty_course_says_so(world, sign_in):
    client = sign_in(world.alice)
    assert "No values yet" in seen(client, f"/patients/{world.per}/trends/length")
    assert "No values yet" in seen(client, f"/patients/{world.per}/biomechanics")


@pytest.mark.parametrize("page", ["trends/md", "trends/md.csv", "biomechanics"])
def test_whoever_looks_is_in_the_audit_trail(engine, world, suspect, sign_in, page):
    sign_in(world.bob).get(f"/patients/{suspect}/{page}")
    with unit_of_work(engine, world.one) as session:
        found = session.scalars(select(Entry).where(Entry.verb == "looked")).all()
    assert [(one.staff_id, one.subject_id) for one in found] == [(world.bob.id, str(suspect))]


@pytest.mark.parametrize("page", ["", "/trends", "/trends/rnfl", "/biomechanics"])
def test_what_an_instrument_said_is_never_markup(engine, world, patients, sign_in, monkeypatch, page):
    evil = [
        examined.Measured(one.whose, one.day, (EVIL, EVIL), {**one.body, "scan": EVIL, "test": EVIL})
        if one.body["kind"] in ("oct", "visual_field")
        else examined.Measured(one.whose, one.day, (EVIL, EVIL), one.body)
        for one in examined.suspect()
    ]
    monkeypatch.setattr(examined, "STORIES", (lambda: evil,))
    monkeypatch.setattr(examined, "EPOCH", examined.EPOCH + 1)
    with unit_of_work(engine, world.one) as session:
        examined.bring(session, world.pier.sender, patients, by=world.alice.id)
    answer = sign_in(world.alice).get(f"/patients/{patients['H-1005']}{page}")
    assert answer.status_code == 200
    assert EVIL not in answer.get_data(as_text=True)


@pytest.mark.parametrize("page", ["trends", "trends/md", "biomechanics"])
def test_more_readings_ask_no_more_questions(app, world, patients, sign_in, page):
    client = sign_in(world.alice)
    few, many = (queries_for(app, client, f"/patients/{patients[n]}/{page}") for n in ("H-1006", "H-1005"))
    assert few == many


def test_every_value_of_every_kind_leaves_as_csv(world, suspect, patients, sign_in):
    client = sign_in(world.alice)
    answer = client.get(f"/patients/{suspect}/readings.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert answer.headers["Cache-Control"] == "no-store"
    assert {row["Kind"] for row in rows} == {"visual_field", "oct", "biomechanics"}
    md = [(row["Date"][:10], row["Eye"], row["Result"]) for row in rows if row["Value"] == "MD (dB)"]
    assert md[0] == ("2026-11-16", "OS", "−4.05")
    assert ["54: Sensitivity (dB)" in {row["Value"] for row in rows}] == [True]
    vitals = client.get(f"/patients/{patients['H-1001']}/readings.csv").get_data(as_text=True)
    assert "Blood pressure (mmHg),Value,148 / 88" in vitals


def test_the_whole_record_takes_the_new_kinds_along(world, suspect, sign_in):
    data = sign_in(world.alice).get(f"/patients/{suspect}/record.zip").data
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        told = json.loads(bundle.read("readings.json"))["rows"]
    assert sorted({row["kind"] for row in told}) == ["biomechanics", "oct", "visual_field"]
    assert next(row["body"]["left"]["md_db"] for row in told if row["kind"] == "visual_field") in {"-4.05", "-1.32"}
