"""The pages of an import: who may, what they say, and what can be taken away from them."""

import csv
import io
import re

import pytest
import python_calamine
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.imports import queries, reports, tasks
from cloud.imports.models import Batch, Row
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people.models import Patient
from tests.cloud.imports.files_here import BAD, HEADINGS, good, separated, thousand
from tests.cloud.people_here import PASSWORD, Someone, World

EVIL = "<script>alert(1)</script>"


def send(client: FlaskClient, content: bytes, name: str = "list.csv") -> str:
    answer = client.post("/patients/imports", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303
    return str(answer.location)


def work(engine: Engine, tenant_id: int) -> None:
    while ours := [due for due in queries.due(engine) if due[0] == tenant_id]:
        for due in ours:
            tasks.step(engine, *due)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def columns(shown: str) -> dict[str, str]:
    """The form as the page fills it in."""
    found = dict[str, str]()
    for name, options in re.findall(r'<select[^>]* name="([\w-]+)"[^>]*>(.*?)</select>', shown, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_from_the_file_to_the_last_page_and_back(engine, world, sign_in):
    client = sign_in(world.olivia)
    assert 'href="/patients/imports"' in page(client, "/patients")
    address = send(client, separated(thousand()), "病人 list.csv")
    assert "Reading the file" in page(client, address)
    work(engine, world.one)

    shown = page(client, address)
    form = columns(shown)
    assert [form[f"column-{at}"] for at in range(len(HEADINGS))] == [
        *("record_number", "full_name", "given_name", "sex", "birth_date"),
        *("mobile", "email", "home_store", "tags", "language"),
    ]
    assert form["order"] == "dmy"
    assert client.post(f"{address}/columns", data=form).status_code == 303
    work(engine, world.one)

    shown = page(client, address)
    assert "Nothing is written yet" in shown
    assert f"Take in {1000 - BAD} rows" in shown
    assert "is not a date in the order chosen" in shown
    with unit_of_work(engine, world.one) as session:
        assert len(session.scalars(select(Patient.id)).all()) == 2
    assert client.post(f"{address}/accept").status_code == 303
    assert "Taking patients in" in page(client, f"{address}/part")
    work(engine, world.one)
    assert f"{1000 - BAD} patients were added." in page(client, address)
    assert client.post(f"{address}/undo").status_code == 303
    work(engine, world.one)
    assert "The import was undone." in page(client, address)
    with unit_of_work(engine, world.one) as session:
        assert len(session.scalars(select(Patient.id)).all()) == 2
        batch = session.scalars(select(Batch)).one()
        assert (batch.file_name, batch.asked_by, batch.undone_by) == ("病人 list.csv", world.olivia.id, world.olivia.id)
        assert len(batch.sha256) == 64


def dry(engine: Engine, world: World, client: FlaskClient, rows: list[list[str]], **chosen: str) -> str:
    address = send(client, separated(rows))
    work(engine, world.one)
    answer = client.post(f"{address}/columns", data={**columns(page(client, address)), **chosen})
    assert answer.status_code == 303
    work(engine, world.one)
    return address


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_wrong_is_taken_away_row_by_row_and_no_cell_is_a_formula(engine, world, sign_in, kind):
    client = sign_in(world.olivia)
    bad = ["=cmd|'/c calc'!A1", "+1-2", "@sum", "-5", "nonsense", "\t=1", "ok"]
    address = dry(engine, world, client, [["Name", "No", "Given name", "Address", "DOB", "Tags", "E-mail"], bad])
    answer = client.get(f"{address}/wrong.{kind}")
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    else:
        sheet = python_calamine.load_workbook(io.BytesIO(answer.data)).get_sheet_by_index(0)
        rows = [[str(cell) for cell in row] for row in sheet.to_python()]
    assert rows[0] == ["Line", "Name", "No", "Given name", "Address", "DOB", "Tags", "E-mail", "What is wrong"]
    assert rows[1][1:7] == ["'=cmd|'/c calc'!A1", "'+1-2", "'@sum", "'-5", "nonsense", "'=1"]
    assert rows[1][-1].startswith("“nonsense” is not a date")
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_could_be_a_formula_is_a_text(cell):
    assert reports.harmless(cell) == f"'{cell}"
    assert reports.harmless("Ash") == "Ash"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_own_template_is_understood_without_asking(engine, world, sign_in, language, kind):
    client = sign_in(world.olivia)
    client.set_cookie("language", language)
    content = client.get(f"/patients/imports/template.{kind}").data
    address = send(client, content, f"patients.{kind}")
    work(engine, world.one)
    form = columns(page(client, address))
    assert [name for name, field in form.items() if name.startswith("column-") and not field] == []
    client.post(f"{address}/columns", data=form)
    work(engine, world.one)
    with unit_of_work(engine, world.one) as session:
        assert [(row.verdict, row.problems) for row in session.scalars(select(Row))] == [("new", [])]


WRONG = [
    *(({"column-0": ""}, "Say which column holds the name"), ({"column-1": "full_name"}, "Two columns hold the same")),
    ({"order": ""}, "Say in which order this file writes day and month"),
]


@pytest.mark.parametrize(("chosen", "said"), WRONG)
def test_what_is_missing_about_the_columns_is_said(engine, world, sign_in, chosen, said):
    client = sign_in(world.olivia)
    address = send(client, separated([["Name", "Phone", "DOB"], ["Ash", "0770012345", "03/04/1984"]]))
    work(engine, world.one)
    form = columns(page(client, address))
    assert form["order"] == ""
    answer = client.post(f"{address}/columns", data={**form, "order": "dmy", **chosen})
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)


@pytest.mark.parametrize(("order", "born"), [("dmy", "1984-04-03"), ("mdy", "1984-03-04")])
def test_dates_are_read_in_the_order_that_was_chosen(engine, world, sign_in, order, born):
    client = sign_in(world.olivia)
    dry(engine, world, client, [["Name", "DOB"], ["Ash", "03/04/1984"]], order=order)
    with unit_of_work(engine, world.one) as session:
        assert [row.entry["person"]["birth_date"] for row in session.scalars(select(Row))] == [born]


def test_without_a_file_it_is_asked_for(world, sign_in):
    for data in ({}, {"file": (io.BytesIO(b""), "")}):
        answer = sign_in(world.olivia).post("/patients/imports", data=data)
        assert (answer.status_code, "Choose a file first." in answer.get_data(as_text=True)) == (422, True)


def test_a_list_may_be_larger_than_other_forms_but_not_endless(app, world, sign_in, monkeypatch):
    client, five = sign_in(world.olivia), b"Name\n" + b"A" * 5_000_000
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(five), "a.csv")})
    whole = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    assert client.post("/patients/imports", **whole).status_code == 303
    monkeypatch.setitem(app.config, "IMPORT_BYTES", 1_000_000)
    assert client.post("/patients/imports", **whole).status_code == 413


def test_what_a_file_holds_is_never_markup(engine, world, sign_in):
    client = sign_in(world.olivia)
    rows = [["Name", EVIL, "DOB"], [EVIL, EVIL, EVIL], [EVIL, EVIL, EVIL]]
    address = send(client, separated(rows), f"{EVIL}.csv")
    work(engine, world.one)
    assert EVIL not in page(client, address)
    client.post(f"{address}/columns", data=columns(page(client, address)))
    work(engine, world.one)
    assert EVIL not in page(client, address) + page(client, "/patients/imports")


def test_what_cannot_be_done_now_is_said_and_changes_nothing(engine, world, sign_in):
    client = sign_in(world.olivia)
    address = send(client, separated([HEADINGS, good(1)]))
    for deed in ("accept", "undo", "back"):
        client.post(f"{address}/{deed}")
        assert "This cannot be done now" in page(client, address)
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Batch.state)).one() == "reading"
        assert session.scalars(select(Entry.verb).where(Entry.subject_kind == "import")).all() == ["brought"]


DEEDS = (
    *(
        ("GET", ""),
        ("GET", "/part"),
        ("GET", "/wrong.csv"),
        ("POST", "/columns"),
        ("POST", "/accept"),
        ("POST", "/stop"),
    ),
    *(("POST", "/undo"), ("POST", "/back")),
)


@pytest.mark.parametrize(("method", "deed"), DEEDS)
def test_nobody_else_gets_at_an_import_and_nothing_changes(engine, world, sign_in, method, deed):
    address = send(sign_in(world.olivia), separated([HEADINGS, good(1)]), "Secret list.csv")
    work(engine, world.one)
    with unit_of_work(engine, world.one) as session:
        before = (
            session.execute(select(Batch.__table__).order_by(Batch.id)).all(),
            session.execute(select(Entry.__table__).order_by(Entry.id)).all(),
        )
    for someone, status in (
        (world.dora, 403),
        (world.rosa, 403),
        (world.alice, 403),
        (owner_of_two(engine, world), 404),
    ):
        answer = sign_in(someone).open(address + deed, method=method)
        assert answer.status_code == status
        assert "Secret list" not in answer.get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        assert (
            session.execute(select(Batch.__table__).order_by(Batch.id)).all(),
            session.execute(select(Entry.__table__).order_by(Entry.id)).all(),
        ) == before


def owner_of_two(engine: Engine, world: World) -> Someone:
    with unit_of_work(engine, world.two) as session:
        email = f"oscar-{world.number}@example.test"
        oscar = accounts.hire(session, email=email, name="Oscar Two", password=PASSWORD, role=Role.OWNER)
        return Someone(world.two, oscar.id, email, world.mill)
