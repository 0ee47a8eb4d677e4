"""The pages on which a record is read."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from cloud.clinic import drafting, places, queries, signing
from cloud.clinic.drafting import Change
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from tests.cloud.clinic import history_here as history

WHEN = datetime(2025, 3, 9, 9, 0, tzinfo=UTC)


def where(world, patient=None):
    return {"patient_id": patient or world.grace, "store_id": world.pier.id, "by": world.alice.id}


@pytest.fixture
def visits(engine, world):
    """Three autumns of Grace's, the middle one amended; ids, the first one first."""
    with unit_of_work(engine, world.one) as session:
        return [one.id for one in history.twenty_years(session, **where(world), years=3)]


def words(response) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def seen(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return words(response)


def test_a_signed_record_is_shown_with_its_values_and_its_proof(world, visits, sign_in):
    page = seen(sign_in(world.alice), f"/examinations/{visits[0]}")
    found = [
        told for told in ("Manifest refraction", "−0.50", "180", "6/6", "23.10", "Dr Alice Moreau") if told in page
    ]

    assert found == ["Manifest refraction", "−0.50", "180", "6/6", "23.10", "Dr Alice Moreau"]
    assert "Verified against its digest" in page


def test_an_amendment_tells_what_changed_and_why(world, visits, sign_in):
    page = seen(sign_in(world.alice), f"/examinations/{visits[1]}")

    assert "Manifest refraction, Axis, OD 180 → 097" in page
    assert "nothing → +1.00" in page
    assert "Typing error : The axis was read off the wrong line." in page
    assert ("was 180" in page, "added" in page) == (True, True)


def test_any_version_and_any_moment_is_replayed(engine, world, visits, sign_in):
    with unit_of_work(engine, world.one) as session:
        first, second = queries.versions(session, visits[1])
        between, later = first.signed_at + (second.signed_at - first.signed_at) / 2, now()
    client = sign_in(world.alice)
    addresses = ("?version=1", f"?at={between.isoformat()}", f"?at={later.isoformat()}", "")
    pages = [seen(client, f"/examinations/{visits[1]}{asked}") for asked in addresses]

    assert ["You see version 1" in page for page in pages] == [True, True, False, False]
    # a word of its own: digests hold any three digits sooner or later
    assert ["097" in page.split() for page in pages] == [False, False, True, True]
    nowhere = (f"?at={WHEN.isoformat()}", "?version=9", "?at=nonsense", "?at=2025-01-01")
    assert [client.get(f"/examinations/{visits[1]}{asked}").status_code for asked in nowhere] == [404, 404, 400, 400]


def test_a_record_that_is_not_what_was_signed_says_so_loudly(engine, owner, world, visits, sign_in):
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE clinic_observation DISABLE TRIGGER USER")
        connection.exec_driver_sql("SELECT set_config('emmetra.tenant', %s, true)", (str(world.one),))
        changed = "UPDATE clinic_observation SET entered = '-9.00', number = -9 WHERE encounter_id = %s"
        count = connection.exec_driver_sql(changed + " AND field = 'sphere'", (visits[0],)).rowcount
        connection.exec_driver_sql("ALTER TABLE clinic_observation ENABLE TRIGGER USER")
    page = seen(sign_in(world.alice), f"/examinations/{visits[0]}")
    told = sign_in(world.alice).get(f"/api/v1/examinations/{visits[0]}").get_json()

    assert count > 0
    assert "This record does not match its signature." in page
    assert "Verified against its digest" not in page
    assert (told["verified"], told["troubles"]) == (False, ["rows"])


def test_a_retracted_record_stays_readable_and_says_who_and_why(engine, world, visits, sign_in):
    with unit_of_work(engine, world.one) as session:
        why = signing.Why("other", "Written into the wrong record.")
        signing.retract(session, encounter_id=visits[2], by=world.alice.id, second=world.bob.id, why=why)
    client = sign_in(world.alice)
    page, glance = seen(client, f"/examinations/{visits[2]}"), seen(client, f"/patients/{world.grace}/overview")

    assert "Entered in error. By Dr Alice Moreau and Dr Bob Tal" in page
    assert "Written into the wrong record." in page
    assert f"/examinations/{visits[2]}/amend" not in client.get(f"/examinations/{visits[2]}").get_data(as_text=True)
    assert ("4 Sep 2007" in glance, "−1.25" in glance) == (True, False)


def test_the_same_version_is_the_same_paper_for_everybody(world, visits, sign_in):
    address = f"/examinations/{visits[1]}/print?version=1"
    papers = [sign_in(one).get(address).get_data(as_text=True) for one in (world.alice, world.olivia)]

    assert papers[0] == papers[1]
    assert ("An earlier version. Version 2 stands." in papers[0], "csrf" in papers[0]) == (True, False)
    assert re.search(r"SHA-256 [0-9a-f]{64}", papers[0])


def test_a_draft_is_its_authors_and_nobody_reads_it_as_the_record(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        draft = history.open_draft(session, **where(world)).id
    unwritten = sign_in(world.olivia).get(f"/examinations/{draft}")

    assert sign_in(world.alice).get(f"/examinations/{draft}").headers["Location"] == f"/examinations/{draft}/write"
    assert ("Not signed yet" in words(unwritten), "−2.00" in words(unwritten)) == (True, False)
    assert sign_in(world.olivia).get(f"/examinations/{draft}/print").status_code == 404
    assert sign_in(world.alice).get(f"/api/v1/examinations/{draft}").status_code == 404


def test_what_was_given_up_says_who_and_why(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        draft = history.open_draft(session, **where(world)).id
        drafting.discard(session, encounter_id=draft, by=world.alice.id, why="Begun for the wrong patient.")
    assert "Begun for the wrong patient." in seen(sign_in(world.alice), f"/examinations/{draft}")


def test_ones_own_drafts_nag_until_they_are_signed(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        history.open_draft(session, **where(world))
    mine, bobs = (seen(sign_in(one), "/unsigned") for one in (world.alice, world.bob))

    assert ("Grace Okafor" in mine, "Unsigned , 1 waiting" in mine) == (True, True)
    assert ("Grace Okafor" in bobs, "Nothing waits for your signature" in bobs) == (False, True)


def test_the_overview_shows_what_stands_last_and_the_recall(world, visits, sign_in):
    page = seen(sign_in(world.alice), f"/patients/{world.grace}/overview")

    assert [told in page for told in ("−1.25", "4 Sep 2007", "Overdue", "Myopia control", "H52.1")] == [True] * 5


def test_an_empty_chart_says_how_to_begin(world, sign_in):
    client = sign_in(world.alice)
    assert "Nothing signed yet" in seen(client, f"/patients/{world.per}/overview")
    assert "Choose what kind of examination it is" in seen(client, f"/patients/{world.per}/examinations")
    assert "No values yet" in seen(client, f"/patients/{world.per}/trends")


def test_the_timeline_is_read_to_its_end_page_by_page(engine, world, sign_in, monkeypatch):
    with unit_of_work(engine, world.one) as session:
        history.twenty_years(session, **where(world), years=8)
    monkeypatch.setattr("cloud.clinic.timeline.PAGE", 3)
    client, address, found = sign_in(world.alice), f"/patients/{world.grace}/overview", list[str]()
    while address:
        page = client.get(address).get_data(as_text=True)
        stream = page[page.index('id="timeline"') :]
        found += re.findall(r'<li class="timeline-(\w+)"><time datetime="([^"]+)"', stream)
        onward = re.search(r'rel="next" href="([^"]+)"', stream)
        address = onward[1].replace("&amp;", "&") if onward else ""

    assert (len(found), found) == (17, sorted(found, key=lambda one: one[1], reverse=True))
    assert [kind for kind, _at in found].count("visits") == 8


def test_a_kind_of_the_timeline_is_shown_alone(world, visits, sign_in):
    page = sign_in(world.alice).get(f"/patients/{world.grace}/overview?kind=recalls").get_data(as_text=True)
    assert set(re.findall(r'<li class="timeline-(\w+)"', page)) == {"recalls"}
    assert sign_in(world.alice).get(f"/patients/{world.grace}/overview?before=nonsense").status_code == 400


LOOKS = ("/patients/{grace}/overview", "/patients/{grace}/examinations", "/patients/{grace}/trends")
LOOKS += ("/examinations/{visit}", "/examinations/{visit}/print")
LOOKS += ("/api/v1/patients/{grace}/record", "/api/v1/examinations/{visit}")


@pytest.mark.parametrize("address", LOOKS)
def test_whoever_looks_is_in_the_audit_trail(engine, world, visits, sign_in, address):
    sign_in(world.bob).get(address.format(grace=world.grace, visit=visits[0]))
    with unit_of_work(engine, world.one) as session:
        found = session.scalars(select(Entry).where(Entry.verb == "looked")).all()
    assert [(one.staff_id, one.subject_id) for one in found] == [(world.bob.id, str(world.grace))]


EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("address", [*LOOKS[:5], "/unsigned", "/recalls", "/recalls?shelf=ended"])
def test_what_was_written_is_never_markup(engine, world, sign_in, address):
    with unit_of_work(engine, world.one) as session:
        patient = people.register(session, record_number=EVIL, family_name=EVIL, given_name=EVIL, phone=EVIL).id
        values = {"manifest.1.note.N": EVIL, "keratometry.1.instrument.N": EVIL, **history.RECALL}
        visit, _version = history.visit(session, **where(world, patient), when=WHEN, values=values)
        drafting.amend(session, encounter_id=visit.id, by=world.alice.id)
        change = [Change(places.read("manifest.1.note.N"), EVIL * 2)]
        drafting.save(session, encounter_id=visit.id, changes=change, by=world.alice.id)
        history.sign(session, visit.id, world.alice.id, signing.Why("other", EVIL))
        history.open_draft(session, **where(world, patient))

    page = sign_in(world.alice).get(address.format(grace=patient, visit=visit.id))
    assert page.status_code == 200
    assert EVIL not in page.get_data(as_text=True)


def queries_for(app, client, address) -> int:
    statements = list[str]()

    def count(_c, _cursor, statement, *_):
        statements.append(statement)

    event.listen(app.extensions["emmetra.engine"], "before_cursor_execute", count)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(app.extensions["emmetra.engine"], "before_cursor_execute", count)
    return len(statements)


COUNTED = [*LOOKS[:3], LOOKS[5], "/unsigned", "/recalls", "/recalls?shelf=unplanned", "/recalls.csv"]


@pytest.mark.parametrize("address", COUNTED)
def test_three_visits_ask_no_more_than_one(app, engine, world, sign_in, address):
    client, counted = sign_in(world.alice), list[int]()
    for year in range(3):
        typed, device = history.of_year(year)
        when = history.FIRST.replace(year=2006 + year)
        with unit_of_work(engine, world.one) as session:
            patient = people.register(session, record_number=f"N-{year}", family_name="New").id
            for one in (world.grace, patient):
                history.visit(session, **where(world, one), when=when, values=typed, device=device)
            came = people.register(session, record_number=f"C-{year}", family_name="Came").id
            history.came_and_went(session, **where(world, came), when=when)
            history.open_draft(session, **where(world))
        counted.append(queries_for(app, client, address.format(grace=world.grace)))
    assert len(set(counted)) == 1


def test_three_versions_ask_no_more_than_two(app, engine, world, visits, sign_in):
    client, counted = sign_in(world.alice), list[int]()
    for axis in ("91", "92", "93"):
        with unit_of_work(engine, world.one) as session:
            drafting.amend(session, encounter_id=visits[0], by=world.alice.id)
            change = [Change(places.read("manifest.1.axis.R"), axis)]
            drafting.save(session, encounter_id=visits[0], changes=change, by=world.alice.id)
            history.sign(session, visits[0], world.alice.id, signing.Why("typing", "again"))
        counted.append(queries_for(app, client, f"/examinations/{visits[0]}"))
    assert len(set(counted)) == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_locked_record_is_not_written_by_the_api(engine, world, visits, sign_in, method):
    client = sign_in(world.alice)
    before = client.get(f"/api/v1/examinations/{visits[0]}").get_json()
    addresses = (f"/api/v1/examinations/{visits[0]}", f"/api/v1/patients/{world.grace}/record")
    answers = [client.open(one, method=method, json={"entries": []}).status_code for one in addresses]

    assert answers == [405, 405]
    assert client.get(f"/api/v1/examinations/{visits[0]}").get_json() == before


def test_the_api_gives_the_signed_text_and_its_digest(engine, world, visits, sign_in):
    client = sign_in(world.alice)
    one = client.get(f"/api/v1/examinations/{visits[1]}?version=1").get_json()
    whole = client.get(f"/api/v1/patients/{world.grace}/record").get_json()

    assert (one["number"], one["verified"], [each["act"] for each in one["versions"]]) == (
        1,
        True,
        ["signed", "amended"],
    )
    assert [each["id"] for each in whole["visits"]] == visits[::-1]
    assert [each["number"] for each in whole["visits"]] == [1, 2, 1]
    assert {"place", "entered"} <= set(whole["visits"][0]["record"]["entries"][0])
