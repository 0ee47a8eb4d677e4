"""The list of gateways and one gateway's page, as people see them."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from cloud.fleet import services as fleet
from cloud.fleet.models import Gateway, Happening
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from protocols import envelope
from protocols.envelope import Birth, Clock, Death, parse
from tests.cloud.operations.rows_here import ring
from tests.cloud.people_here import World
from tests.cloud.test_views import queries_for

EVIL = "<script>alert(1)</script>\"'"


def born(session, world: World, session_name: str = "s-1", **said: object) -> None:
    told = {"software": "emmetra 1.4", "epoch": 1, "hwm": 0, "depth": 7, "clk": Clock(state="synced")}
    told |= {"oldest_at": "2026-11-22T06:00:00Z", "alarms": ["outbox_full: Make room on the disk."], **said}
    birth = Birth(v=1, state="online", session=session_name, at="2026-11-22T07:00:00Z", **told)  # type: ignore[arg-type]
    said_on(session, world, birth)


def said_on(session, world: World, message: Birth | Death) -> None:
    topic = parse(world.pier.address.up("state"))
    fleet.note(session, world.pier.id, world.pier.sender.gateway_id, topic, envelope.encode(message))


@pytest.fixture
def alive(engine, world):
    with unit_of_work(engine, world.one) as session:
        born(session, world)
    return world


def test_the_list_shows_the_whole_chain_whatever_store_one_works_in(alive, sign_in):
    for someone in (alive.alice, alive.bob, alive.rosa, alive.omar):
        page = sign_in(someone).get("/fleet").get_data(as_text=True)
        assert "Pier" in page
        assert "Hill" in page
        assert "Mill" not in page


def test_nobody_without_a_role_sees_it(alive, sign_in):
    assert sign_in(alive.dora).get("/fleet").status_code == 403
    assert sign_in(alive.dora).get("/fleet/list.csv").status_code == 403


def test_what_is_typed_narrows_the_living_part_and_stands_in_the_address(alive, sign_in):
    answer = sign_in(alive.alice).get("/fleet/part?q=pier&state=online&sort=depth&down=1&region=")
    assert answer.headers["HX-Replace-Url"] == "/fleet?q=pier&state=online&sort=depth&down=1"
    page = answer.get_data(as_text=True)
    assert "Pier" in page
    assert "Hill" not in page
    assert "<html" not in page


@pytest.mark.parametrize(
    "asked",
    [
        "sort=nonsense",
        "after=x",
        "after=%00~1",
        "before=~",
        "region=x",
        f"region={2**70}",
        "state=<b>",
        "q=%00%25",
        "store=%00",
    ],
)
def test_nonsense_in_the_address_is_left_out(alive, sign_in, asked):
    assert sign_in(alive.alice).get(f"/fleet?{asked}").status_code == 200


def test_the_list_for_a_spreadsheet_is_the_list_and_is_written_down(engine, alive, sign_in):
    client = sign_in(alive.alice)
    text = client.get("/fleet/list.csv?q=pier").get_data(as_text=True)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/fleet/list.xlsx?q=pier").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert text.count("\n") == len(rows) == 2
    assert rows[1][:4] == ["Pier", "", "gw-1", "online"]
    assert rows[1][6:8] == ["7", "2026-11-22T06:00:00+00:00"]
    with unit_of_work(engine, alive.one) as session:
        found = session.scalars(select(Entry).where(Entry.subject_kind == "fleet").order_by(Entry.id)).all()
    assert [(one.verb, one.subject_id, one.details) for one in found] == [
        ("exported", "csv", {"rows": 1}),
        ("exported", "xlsx", {"rows": 1}),
    ]


def test_a_name_is_no_formula_and_no_markup(engine, alive, sign_in):
    with unit_of_work(engine, alive.one) as session:
        gateway = session.scalars(select(Gateway).where(Gateway.id == alive.pier.sender.gateway_id)).one()
        gateway.software, gateway.alarms, gateway.ended = f"={EVIL}"[:60], [f"{EVIL}: {EVIL}"], EVIL
    client = sign_in(alive.omar)
    for address in ("/fleet", f"/fleet/{gateway.id}", "/fleet/part", "/fleet/actions/new"):
        page = client.get(address).get_data(as_text=True)
        assert EVIL not in page
        assert "&lt;script&gt;" in page
    assert "'=<script>" in client.get("/fleet/list.csv").get_data(as_text=True)


def test_a_gateways_page_tells_what_it_is_and_what_to_do(engine, alive, sign_in):
    with unit_of_work(engine, alive.one) as session:
        alert = ring(session, alive.pier)
    page = sign_in(alive.alice).get(f"/fleet/{alive.pier.sender.gateway_id}").get_data(as_text=True)
    for said in ("emmetra 1.4", "RT-5100", "Make room on the gateway", f"/fleet/alerts/{alert}", "/history"):
        assert said in page
    assert "/frames" not in page
    mends = sign_in(alive.omar).get(f"/fleet/{alive.pier.sender.gateway_id}").get_data(as_text=True)
    assert f"/fleet/{alive.pier.sender.gateway_id}/frames" in mends


def test_a_strangers_gateway_is_not_there(alive, sign_in):
    for tail in ("", "/part", "/history"):
        assert sign_in(alive.charlie).get(f"/fleet/{alive.pier.sender.gateway_id}{tail}").status_code == 404


@pytest.mark.edge("EDGE-271", "Every coming and going of a gateway is kept, once for each of its sessions.")
def test_comings_and_goings_are_kept(engine, world):
    with unit_of_work(engine, world.one) as session:
        born(session, world)
        born(session, world, depth=3)
        said_on(session, world, Death(v=1, state="offline", session="s-0", reason="late"))
        said_on(session, world, Death(v=1, state="offline", session="s-1", reason="lost"))
        said_on(session, world, Death(v=1, state="offline", session="s-1", reason="lost"))
        born(session, world, "s-2")
        told = session.scalars(select(Happening).order_by(Happening.id)).all()
    assert [(one.code, one.text) for one in told] == [
        ("online", "emmetra 1.4"),
        ("offline", "lost"),
        ("online", "emmetra 1.4"),
    ]


def test_three_gateways_ask_no_more_than_one(app, engine, world, sign_in):
    client, counted = sign_in(world.omar), []
    for number in range(3):
        with unit_of_work(engine, world.one) as session:
            fleet.enrol(session, store_id=world.hill.id, slug=f"more-{number}")
        counted.append([queries_for(app, client, address) for address in ("/fleet", "/fleet/part", "/fleet/list.csv")])
    assert counted == [counted[0]] * 3


def test_headings_sort_and_turn_round(alive, sign_in):
    client = sign_in(alive.alice)
    first = client.get("/fleet?sort=depth").get_data(as_text=True)
    assert re.search(r'aria-sort="ascending">\s*<a href="/fleet\?sort=depth&amp;down=1"', first)
    assert 'aria-sort="descending"' in client.get("/fleet?sort=depth&down=1").get_data(as_text=True)
