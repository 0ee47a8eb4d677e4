"""The whole record to take along: what is in it is what is stored, and nobody else's."""

import hashlib
import io
import json
import zipfile

import pytest
from sqlalchemy import select

from cloud.clinic.models import Version
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.prescriptions import queries as prescriptions
from cloud.readings import intake
from cloud.readings import services as readings
from cloud.whole import gathering
from cloud.whole.bundle import Part, json_part, packed
from tests.cloud.clinic import history_here as history
from tests.cloud.clinic.test_cases import GRACE
from tests.cloud.prescriptions.written_here import sign
from tests.cloud.readings.parcels_here import Outbox

HOSTILE = '#eval("1") *bold* <script>'


@pytest.fixture
def known(engine, world):
    """Grace: an amended and a retracted examination, a prescription, a reading, a recall; Per has an examination."""
    with unit_of_work(engine, world.one) as session:
        about = {"patient_id": world.grace, "store_id": world.pier.id, "by": world.alice.id}
        visit, _version = history.visit(session, **about, when=now(), values={**GRACE, "advice.1.text.N": HOSTILE})
        history.amended(session, visit.id, world.bob.id)
        history.visit(session, **about | {"patient_id": world.per}, when=now(), values=GRACE)
        sign(session, world.pier, world.alice, world.grace)
        outbox = Outbox(world.pier)
        intake.take(session, world.one, [outbox.parcel(outbox.capture(), reading := outbox.reading())])
        readings.file(session, reading_id=reading.id, patient_id=world.grace, by=world.alice.id)
    return reading


def taken(client, patient):
    """The files by name."""
    answer = client.get(f"/patients/{patient}/record.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def rows(files, name):
    return json.loads(files[f"{name}.json"])["rows"]


def test_the_manifest_tells_of_every_file_and_its_digest(world, known, sign_in):
    files = taken(sign_in(world.alice), world.grace)
    manifest = json.loads(files["manifest.json"])

    told = {one["name"]: one["sha256"] for one in manifest["files"]}
    assert told == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"}
    counted = {
        one["name"].removesuffix(".json"): one["rows"] for one in manifest["files"] if one["name"] != "record.pdf"
    }
    assert counted == {name: len(rows(files, name)) for name in counted}
    assert {one["complete"] for one in manifest["files"]} == {True}
    assert (manifest["exported_by"]["name"], manifest["patient"]["record_number"]) == ("Dr Alice Moreau", "R-1")
    assert set(manifest["staff"].values()) >= {"Dr Alice Moreau", "Dr Bob Tal"}


def test_bodies_are_what_is_stored(engine, world, known, sign_in):
    files = taken(sign_in(world.alice), world.grace)
    with unit_of_work(engine, world.one) as session:
        heard = gathering.readings.row(session, known.id)
        body, raw = heard.body, json.loads(heard.body)["integrity"]["raw_sha256"]
        versions = session.scalars(select(Version).order_by(Version.id)).all()
        bodies = [one.body for one in versions if json.loads(one.body)["encounter"]["patient_id"] == world.grace]
        written = prescriptions.of_patient(session, world.grace, now().date())[0].row.canonical

    (reading,) = rows(files, "readings")
    assert (body.encode() in files["readings.json"], reading["raw_sha256"]) == (True, raw)
    assert reading["body_sha256"] == hashlib.sha256(body.encode()).hexdigest()
    assert [one["canonical"] for one in rows(files, "examinations")] == bodies
    assert [one["act"] for one in rows(files, "examinations")] == ["signed", "amended"]
    assert [one["canonical"] for one in rows(files, "prescriptions")] == [written]
    for one in (*rows(files, "examinations"), *rows(files, "prescriptions")):
        assert one["sha256"] == hashlib.sha256(one["canonical"].encode()).hexdigest()


def test_person_recalls_and_changes_are_there(world, known, sign_in):
    files = taken(sign_in(world.alice), world.grace)
    (person,) = rows(files, "person")
    assert (person["person"]["family_name"], "consents" in person) == ("Okafor", False)
    assert sorted(one["state"] for one in rows(files, "recalls")) == ["cancelled", "open"]
    assert set(files) == {
        *("manifest.json", "record.pdf", "person.json", "consents.json", "changes.json", "readings.json"),
        *("examinations.json", "prescriptions.json", "recalls.json"),
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_paper_is_a_pdf_and_what_was_typed_is_text(world, known, sign_in, language):
    client = sign_in(world.alice)
    client.set_cookie("language", language)
    assert taken(client, world.grace)["record.pdf"][:5] == b"%PDF-"


def test_a_retracted_record_is_in_the_files_and_not_on_paper(engine, world, known, sign_in):
    before = json.loads(taken(sign_in(world.alice), world.per)["manifest.json"])
    with unit_of_work(engine, world.one) as session:
        visit = session.scalars(select(Version.encounter_id).order_by(Version.id.desc()).limit(1)).one()
        why = history.signing.Why("other", "Another patient's.")
        about = {"encounter_id": visit, "by": world.alice.id, "second": world.bob.id}
        history.signing.retract(session, **about, why=why)
    files = taken(sign_in(world.alice), world.per)
    after = json.loads(files["manifest.json"])
    shown = [one["rows"] for told in (before, after) for one in told["files"] if one["name"] == "record.pdf"]
    assert (shown, [one["act"] for one in rows(files, "examinations")]) == ([1, 0], ["signed", "retracted"])


def test_an_absorbed_records_rows_are_the_persons(engine, world, known, sign_in):
    with unit_of_work(engine, world.one) as session:
        people.merge(session, world.grace, world.per, take=(), reason="one person", by=world.alice.id)
    files = taken(sign_in(world.alice), world.grace)
    assert json.loads(files["manifest.json"])["patient"]["record_ids"] == [world.grace, world.per]
    assert {one["encounter"]["patient_id"] for one in rows(files, "examinations")} == {world.grace, world.per}


def test_nobody_gets_it_whom_it_does_not_concern(engine, world, known, sign_in):
    asked = (world.charlie, world.rosa, world.dora, world.omar, None)
    codes = [sign_in(who).get(f"/patients/{world.grace}/record.zip").status_code for who in asked]
    assert codes == [404, 403, 403, 403, 303]
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Entry.verb).where(Entry.verb == "exported")).all() == []


def test_that_it_was_taken_is_written_down(engine, world, known, sign_in):
    taken(sign_in(world.alice), world.grace)
    with unit_of_work(engine, world.one) as session:
        entry = session.scalars(select(Entry).where(Entry.verb == "exported")).one()
    assert (entry.staff_id, entry.subject_id, entry.details) == (
        *(world.alice.id, str(world.grace)),
        {"what": "whole record"},
    )


def test_what_is_not_all_is_said_so():
    parts = [json_part("few", "f/1", [1], 2), json_part("many", "f/1", [1, 2], 2), Part("x.pdf", b"x", "pdf", 1)]
    with zipfile.ZipFile(io.BytesIO(packed(parts, {"chain": "C"}))) as file:
        manifest = json.loads(file.read("manifest.json"))
    assert [(one["name"], one["complete"]) for one in manifest["files"]] == [
        *(("few.json", True), ("many.json", False), ("x.pdf", True)),
    ]
    assert packed(parts, {"chain": "C"}) == packed(parts, {"chain": "C"})


def test_the_pages_offer_it_to_whom_it_concerns(world, known, sign_in):
    address = f"/patients/{world.grace}/record.zip"
    assert address in sign_in(world.alice).get(f"/patients/{world.grace}/overview").get_data(as_text=True)
    assert address in sign_in(world.alice).get(f"/patients/{world.grace}/details").get_data(as_text=True)
    assert address not in sign_in(world.rosa).get(f"/patients/{world.grace}/details").get_data(as_text=True)
