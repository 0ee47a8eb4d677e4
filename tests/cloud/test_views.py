"""Every view, and who gets in: the other chain finds nothing, and nothing of chain one in the answer."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, text

from cloud.accounts.gate import rule_of
from cloud.kernel.audit import Entry
from cloud.kernel.database import Base, unit_of_work
from cloud.people import services as people
from cloud.readings import intake
from cloud.readings import services as readings
from tests.cloud.arrival import views_here as arrival_views
from tests.cloud.blobs import views_here as blobs_views
from tests.cloud.calculators import views_here as calculators_views
from tests.cloud.calls import views_here as calls_views
from tests.cloud.clinic import views_here as clinic_views
from tests.cloud.conftest import SignIn
from tests.cloud.desk import views_here as desk_views
from tests.cloud.direct import views_here as direct_views
from tests.cloud.enrolment import views_here as enrolment_views
from tests.cloud.exchange import views_here as exchange_views
from tests.cloud.imaging import views_here as imaging_views
from tests.cloud.imports import views_here as imports_views
from tests.cloud.loops import views_here as loops_views
from tests.cloud.messages import views_here as messages_views
from tests.cloud.operations import views_here as operations_views
from tests.cloud.people import views_here as people_views
from tests.cloud.people_here import World
from tests.cloud.planning import views_here as planning_views
from tests.cloud.prescriptions import views_here as prescriptions_views
from tests.cloud.readings.letters_here import dead_letter
from tests.cloud.readings.parcels_here import RAW, Outbox
from tests.cloud.releases import views_here as releases_views
from tests.cloud.shadow import views_here as shadow_views
from tests.cloud.stations import views_here as stations_views
from tests.cloud.telemetry import views_here as telemetry_views
from tests.cloud.whole import views_here as whole_views
from tests.cloud.worklist import views_here as worklist_views

# Each brings VIEWS, and places(): what stands in their addresses.
ROOMS = (
    people_views,
    imports_views,
    calculators_views,
    clinic_views,
    prescriptions_views,
    whole_views,
    shadow_views,
    enrolment_views,
    telemetry_views,
    releases_views,
    operations_views,
    blobs_views,
    worklist_views,
    imaging_views,
    direct_views,
    messages_views,
    exchange_views,
    planning_views,
    desk_views,
    arrival_views,
    calls_views,
    stations_views,
    loops_views,
)

WHO = ("nobody", "rosa", "omar", "alice", "charlie")
ALL, IN = (200,) * 5, (303, 200, 200, 200, 200)
CARE = (303, 403, 403, 200, 200)  # rosa is at reception, omar an engineer
CARE_OF_OURS = (303, 403, 403, 200, 404)  # alice and charlie are clinicians, charlie of another chain
DEED_OF_OURS = (303, 403, 403, 303, 404)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "accounts.sign_in": ("GET", "/sign-in", ALL),
    "accounts.check_sign_in": ("POST", "/sign-in", (422,) * 5),
    "accounts.code": ("GET", "/sign-in/code", (303, 200, 200, 200, 200)),
    "accounts.check_code": ("POST", "/sign-in/code", (303, 422, 422, 422, 422)),
    "accounts.sign_out": ("POST", "/sign-out", (303,) * 5),
    "accounts.choose_store": ("POST", "/store", (303,) * 5),
    "accounts.account": ("GET", "/account", IN),
    "accounts.code_picture": ("GET", "/account/code.svg", (303, 404, 404, 404, 404)),
    "accounts.begin_codes": ("POST", "/account/codes", (303, 422, 422, 422, 422)),
    "people.patients": ("GET", "/patients", (303, 200, 403, 200, 200)),
    "people.new": ("GET", "/patients/new", (303, 200, 403, 200, 200)),
    "people.create": ("POST", "/patients/new", (303, 422, 403, 422, 422)),
    "fleet.fleet": ("GET", "/fleet", IN),
    "fleet.fleet_part": ("GET", "/fleet/part", IN),
    "fleet.gateway": ("GET", "/fleet/{gateway}", (303, 200, 200, 200, 404)),
    "fleet.gateway_part": ("GET", "/fleet/{gateway}/part", (303, 200, 200, 200, 404)),
    "fleet.fleet_file": ("GET", "/fleet/list.csv", IN),
    "readings.today": ("GET", "/", (303, 303, 303, 200, 200)),
    "readings.today_part": ("GET", "/today/part", CARE),
    "readings.chart": ("GET", "/patients/{grace}", CARE_OF_OURS),
    "paper.values": ("GET", "/patients/{grace}/readings.csv", CARE_OF_OURS),
    "readings.chart_part": ("GET", "/patients/{grace}/part", CARE_OF_OURS),
    "readings.tray": ("GET", "/tray", CARE),
    "readings.tray_part": ("GET", "/tray/part", CARE),
    "readings.reading": ("GET", "/readings/{reading}", CARE_OF_OURS),
    "paper.reading": ("GET", "/readings/{reading}/print", CARE_OF_OURS),
    "paper.transmission": ("GET", "/readings/{reading}/transmission/print", CARE_OF_OURS),
    "phoropter.part": ("GET", "/patients/{grace}/phoropter", CARE_OF_OURS),
    "phoropter.orders_part": ("GET", "/patients/{grace}/phoropter/orders", CARE_OF_OURS),
    "phoropter.send": ("POST", "/patients/{grace}/phoropter?instrument={rt}&reading={reading}", DEED_OF_OURS),
    "readings.raw": ("GET", "/readings/{reading}.bin", CARE_OF_OURS),
    "readings.file": ("POST", "/readings/{reading}/file?patient_id={per}", DEED_OF_OURS),
    "readings.decide": ("POST", "/readings/{reading}/decide?patient_id={grace}&verdict=accepted", DEED_OF_OURS),
    "readings.seat": ("POST", "/patients/{grace}/seat?lane=Lane+2", DEED_OF_OURS),
    "readings.leave": ("POST", "/seats/leave?lane=Lane+1", (303, 403, 403, 303, 303)),
    "letters.waiting": ("GET", "/dead-letters", (303, 403, 200, 403, 403)),
    "letters.again_all": ("POST", "/dead-letters/again", (303, 403, 303, 403, 403)),
    "letters.again": ("POST", "/dead-letters/{letter}/again", (303, 403, 303, 403, 403)),
    "letters.aside": ("POST", "/dead-letters/{letter}/aside", (303, 403, 303, 403, 403)),
    "readings_api.of_patient": ("GET", "/api/v1/patients/{grace}/readings", (401, 403, 403, 200, 404)),
    "readings_api.tray": ("GET", "/api/v1/tray", (401, 403, 403, 200, 200)),
    "readings_api.reading": ("GET", "/api/v1/readings/{reading}", (401, 403, 403, 200, 404)),
    "api-docs.openapi_json": ("GET", "/api/openapi.json", (401, 200, 200, 200, 200)),
    "live.stream": ("GET", "/live", (401, 200, 200, 200, 200)),
    "web.static": ("GET", "/static/web/css/app.css", ALL),
    "web.preferences": ("POST", "/preferences?theme=dark", (303,) * 5),
    "web.components": ("GET", "/components", IN),
    "health": ("GET", "/health", ALL),
}
for _room in ROOMS:
    VIEWS |= _room.VIEWS
SECRETS = ("Okafor", "Lindqvist", "gw-1-of-pier", "1.75", "what the instrument said", "Dr Alice")


@pytest.fixture
def places(engine: Engine, world: World) -> dict[str, Any]:
    return furnished(engine, world)


def furnished(engine: Engine, world: World) -> dict[str, Any]:
    """What stands in the addresses of VIEWS: a reading of Grace's, who sits in lane 1, and what each room brings."""
    outbox = Outbox(world.pier)
    reading = outbox.reading("R-1")
    with unit_of_work(engine, world.one) as session:
        readings.seat(session, store_id=world.pier.id, lane="Lane 1", patient_id=world.grace, by=world.alice.id)
        intake.take(session, world.one, [outbox.parcel(outbox.capture(), reading)])
        brought = [room.places(session, world) for room in ROOMS]
        theirs = {name: row for places_ in brought for name, row in places_.items()}
        assert len(theirs) == sum(map(len, brought))  # no two rooms call something alike
        letter = dead_letter(session, outbox)
    gateway, rt = world.pier.sender.gateway_id, world.pier.phoropter
    theirs |= {"letter": letter}
    return {"grace": world.grace, "per": world.per, "reading": reading.id, "gateway": gateway, "rt": rt, **theirs}


def visit(client: FlaskClient, endpoint: str, places: dict[str, Any]) -> Any:
    method, address, _ = VIEWS[endpoint]
    response = client.open(address.format(**places), method=method)
    if endpoint != "live.stream":
        response.get_data()
    response.close()
    return response


AUDIT = Entry.__tablename__
TABLES = [one for one in Base.metadata.sorted_tables if one.name not in ("accounts_failed_sign_in", AUDIT)]
# One question instead of one a table: how a row begins, to be read where it is not as before, and the digest of it all.
ASKED = "SELECT '{0}' AS held, left(CAST({0} AS text), 99) || md5(CAST({0} AS text)) AS row FROM {0}"
EVERYTHING = text(" UNION ALL ".join(ASKED.format(one.name) for one in TABLES) + " ORDER BY held, row")


def rows(engine: Engine, tenant_id: int) -> dict[str, list[Any]]:
    """Everything a chain can see, by table: the audit as it is, of other rows what tells whether they are the same."""
    with unit_of_work(engine, tenant_id) as session:
        found: dict[str, list[Any]] = {one.name: [] for one in TABLES}
        for held, row in session.execute(EVERYTHING):
            found[held].append(row)
        table = Base.metadata.tables[AUDIT]
        return found | {AUDIT: list(session.execute(select(table).order_by(*table.primary_key)).all())}


def test_every_view_has_its_line(app: Flask):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(VIEWS)


def test_every_view_names_a_rule(app: Flask):
    assert [rule.endpoint for rule in app.url_map.iter_rules() if rule_of(app, rule.endpoint) is None] == []


@dataclass
class Seen:
    """What came of everybody's visit to one view, in one world made for it."""

    answered: dict[str, int] = field(default_factory=dict)
    changed_by: list[str] = field(default_factory=list)
    told_charlie: str = ""


_seen: dict[tuple[str, str], Seen] = {}


@pytest.fixture
def seen(request: pytest.FixtureRequest, engine: Engine, endpoint: str) -> Seen:
    """Visited once, asserted upon three times: a world is costly."""
    key = (str(engine.url), endpoint)
    if key not in _seen:
        world, sign_in = request.getfixturevalue("world"), request.getfixturevalue("sign_in")
        _seen[key] = visited_by_all(engine, world, sign_in, endpoint)
    return _seen[key]


def visited_by_all(engine: Engine, world: World, sign_in: SignIn, endpoint: str) -> Seen:
    """Whoever may not comes first, so that what the others change is not laid at their door."""
    seen, places = Seen(), furnished(engine, world)
    who = {"charlie": world.charlie, "omar": world.omar, "rosa": world.rosa, "nobody": None, "alice": world.alice}
    before = rows(engine, world.one)
    for name, someone in who.items():
        response = visit(sign_in(someone), endpoint, places)
        seen.answered[name] = response.status_code
        if name == "charlie" and endpoint != "live.stream":
            seen.told_charlie = response.get_data(as_text=True)
        if name in ("charlie", "omar", "rosa"):
            after = rows(engine, world.one)
            seen.changed_by += [name] if after != before else []
            before = after
    return seen


each_view = pytest.mark.parametrize("endpoint", VIEWS)


@each_view
def test_a_view_lets_in_whom_its_line_says(seen, endpoint):
    assert {name: seen.answered[name] for name in WHO} == dict(zip(WHO, VIEWS[endpoint][2], strict=True))


@each_view
def test_the_other_chain_changes_nothing_and_reads_nothing_of_ours(seen, endpoint):
    assert "charlie" not in seen.changed_by
    if endpoint not in ("web.components", "web.static"):
        assert [word for word in SECRETS if word in seen.told_charlie] == []


@each_view
def test_a_refusal_changes_nothing(seen, endpoint):
    refused = {name for name in ("rosa", "omar") if seen.answered[name] >= 400}
    assert refused & set(seen.changed_by) == set()


HUGE = 2**70
NONSENSE = [
    *(
        ("GET", f"/patients/{HUGE}", 400),
        ("GET", f"/api/v1/patients/{HUGE}/readings", 400),
        ("GET", f"/fleet/{HUGE}", 404),
    ),
    *(("GET", "/readings/nonsense", 404), ("GET", "/readings/00000000-0000-7000-8000-000000000000", 404)),
    *(("GET", "/tray?before=nonsense", 400), ("GET", "/tray?before=00000000-0000-7000-8000-000000000000", 404)),
    *(("GET", "/patients?q=%00", 400), ("GET", "/patients?q=%5C", 200), ("GET", "/patients?q=%27%3B--", 200)),
    *(("GET", "/readings/{reading}?q=%00", 400), ("GET", "/live?since=x", 200)),
    *(("POST", "/readings/{reading}/decide?verdict=accepted", 400), ("POST", "/readings/{reading}/decide", 400)),
    ("POST", "/readings/{reading}/decide?patient_id={grace}&verdict=maybe", 400),
    ("POST", "/readings/{reading}/decide?patient_id={grace}&verdict=rejected", 422),
    ("POST", "/readings/{reading}/decide?patient_id={grace}&verdict=rejected&reason=%00", 400),
    ("POST", "/readings/{reading}/decide?patient_id={per}&verdict=accepted", 409),
    ("POST", f"/readings/{{reading}}/decide?patient_id={HUGE}&verdict=accepted", 409),
    ("POST", f"/readings/{{reading}}/file?patient_id={HUGE}", 400),
    ("POST", "/readings/{reading}/file?patient_id=nobody", 400),
    ("POST", "/patients/{grace}/phoropter?instrument={rt}", 422),
    ("POST", "/patients/{grace}/phoropter?instrument={rt}&reading=nonsense", 400),
    ("POST", "/patients/{grace}/phoropter?instrument=nonsense&reading={reading}", 422),
    ("POST", "/patients/{grace}/phoropter?instrument=1&reading={reading}", 404),
    ("POST", f"/patients/{{grace}}/phoropter?instrument={HUGE}&reading={{reading}}", 404),
    ("POST", "/patients/{grace}/phoropter?instrument={rt}&reading=00000000-0000-7000-8000-000000000000", 404),
    ("POST", "/patients/{per}/phoropter?instrument={rt}&reading={reading}", 409),
    ("POST", "/patients/{grace}/seat?lane=Lane+9", 422),
    ("POST", "/patients/{grace}/seat?lane=%00", 422),
    *(("POST", "/seats/leave?lane=%00", 400), ("DELETE", "/patients/{grace}", 405), ("GET", "/nowhere", 404)),
]


@pytest.mark.parametrize(("method", "address", "status"), NONSENSE)
def test_nonsense_gets_a_clear_answer_and_changes_nothing(engine, world, places, sign_in, method, address, status):
    before = rows(engine, world.one)
    response = sign_in(world.alice).open(address.format(**places), method=method)
    response.close()

    assert response.status_code == status
    after = rows(engine, world.one)
    looked = [entry for entry in after["audit_entry"] if entry.verb == "looked"]
    assert after | {"audit_entry": [entry for entry in after["audit_entry"] if entry not in looked]} == before


def test_the_bytes_come_back_byte_for_byte(world, places, sign_in):
    response = sign_in(world.alice).get(f"/readings/{places['reading']}.bin")
    assert (response.data, response.mimetype) == (RAW, "application/octet-stream")
    assert response.headers["Content-Disposition"].startswith("attachment")


LOOKS = (
    *("/patients/{grace}", "/readings/{reading}", "/readings/{reading}.bin"),
    *("/readings/{reading}/print", "/readings/{reading}/transmission/print"),
    *("/api/v1/patients/{grace}/readings", "/api/v1/readings/{reading}"),
)


@pytest.mark.parametrize("address", LOOKS)
def test_whoever_looks_at_a_chart_is_in_the_audit_trail(engine, world, places, sign_in, address):
    sign_in(world.bob).get(address.format(**places))
    with unit_of_work(engine, world.one) as session:
        found = session.scalars(select(Entry).where(Entry.verb == "looked")).all()
    assert [(one.staff_id, one.subject_kind, one.subject_id) for one in found] == [
        (world.bob.id, "patient", str(world.grace))
    ]


def test_a_look_that_was_refused_is_not_in_it(engine, world, places, sign_in):
    sign_in(world.rosa).get(f"/patients/{world.grace}")
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Entry).where(Entry.verb == "looked")).all() == []


EVIL = "<script>alert(1)</script>"
PAGES = (
    "/",
    "/patients",
    "/patients/{patient}",
    "/tray",
    "/readings/{claimed}",
    "/readings/{claimed}/print",
    "/readings/{waiting}/transmission/print",
    "/readings/{waiting}",
    "/fleet",
    "/dead-letters",
)


@pytest.mark.parametrize("address", PAGES)
def test_what_was_entered_or_sent_is_never_markup(engine, world, sign_in, address):
    outbox = Outbox(world.pier)
    evil = {
        "instrument": {"maker": EVIL, "model": EVIL, "dialect": "sample", "serial": EVIL},
        **{"extra": {EVIL: EVIL}, "notes": [{"code": "n", "text": EVIL}], "print_number": EVIL, "measured_at": EVIL},
    }
    claimed, waiting, bad = (
        outbox.reading(EVIL, **evil),
        outbox.reading("R-x", **evil),
        outbox.reading().saying(kind=EVIL),
    )
    with unit_of_work(engine, world.one) as session:
        patient = people.register(session, record_number=EVIL, family_name=EVIL, given_name=EVIL, phone=EVIL)
        intake.take(session, world.one, [outbox.parcel(claimed, waiting, bad, outbox.capture(why=EVIL))])
        places = {"patient": patient.id, "claimed": claimed.id, "waiting": waiting.id}
        readings.seat(session, store_id=world.pier.id, lane="Lane 1", patient_id=patient.id, by=world.alice.id)

    page = sign_in(world.olivia).get(address.format(**places))
    assert page.status_code == 200
    assert EVIL not in page.get_data(as_text=True)


def queries_for(app: Flask, client: FlaskClient, address: str) -> int:
    statements = list[str]()

    def count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(app.extensions["emmetra.engine"], "before_cursor_execute", count)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(app.extensions["emmetra.engine"], "before_cursor_execute", count)
    return len(statements)


@pytest.mark.parametrize("address", ["/", "/tray", "/patients/{grace}", "/patients", "/fleet", "/api/v1/tray"])
def test_three_rows_ask_no_more_than_one(app, engine, world, sign_in, address):
    client, counted = sign_in(world.alice), list[int]()
    address = address.format(grace=world.grace)
    for _round in range(3):
        outbox = Outbox(world.pier)
        with unit_of_work(engine, world.one) as session:
            intake.take(
                session, world.one, [outbox.parcel(outbox.reading("R-1"), outbox.reading("R-2"), outbox.reading())]
            )
            people.register(session, record_number=f"N-{_round}", family_name="New")
        counted.append(queries_for(app, client, address))
    assert len(set(counted)) == 1


def looks_of(page: str) -> dict[str, str]:
    """Card and look of every reading that was drawn."""
    return dict(re.findall(r'id="reading-([\w-]{36})"[^>]*data-look="(\w+)"', page))


def test_a_card_the_page_holds_is_not_drawn_again_until_it_looks_different(engine, world, sign_in):
    outbox = Outbox(world.pier)
    first, second = outbox.reading("R-1"), outbox.reading("R-1")
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(first, second)])
    client, part = sign_in(world.alice), f"/patients/{world.grace}/part"
    drawn = looks_of(client.get(part).get_data(as_text=True))
    holding = {"X-Held": " ".join(drawn.values())}
    assert {str(first.id), str(second.id)} <= set(drawn)

    again = client.get(part, headers=holding).get_data(as_text=True)
    assert looks_of(again) == {}
    assert re.findall(r'data-held="(\w+)"', again) == list(drawn.values())

    client.post(f"/readings/{first.id}/decide?patient_id={world.grace}&verdict=accepted")
    changed = looks_of(client.get(part, headers=holding).get_data(as_text=True))
    assert str(first.id) in changed
    assert changed[str(first.id)] not in drawn.values()
