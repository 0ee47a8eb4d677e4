"""Writing, signing, replacing and cancelling by page; and what the API tells."""

import re
from datetime import date

import pytest
from sqlalchemy import event, select, update

from cloud.clinic import drafting, places
from cloud.clinic.catalogue.shapes import Place as Step
from cloud.clinic.catalogue.shapes import Template, Words
from cloud.clinic.drafting import Change
from cloud.kernel.database import unit_of_work
from cloud.kernel.ids import uuid7
from cloud.people.models import Allergy, Patient
from cloud.prescriptions import queries
from cloud.prescriptions.choices import Kind, State
from cloud.prescriptions.models import Draft, Prescription, Release
from tests.cloud.prescriptions.written_here import DRUGS, FORMS, GLASSES, LENSES, TODAY, sign

ONE = "/prescriptions/{id}"
META = {"origin": "own", "kind": "spectacle"}


@pytest.fixture
def signed(engine, world):
    with unit_of_work(engine, world.one) as session:
        return sign(session, world.pier, world.alice, world.grace)


def every(engine, world, model):
    with unit_of_work(engine, world.one) as session:
        return session.scalars(select(model).order_by(model.id)).all()


def post(client, patient, entered, key=None, do="/issue"):
    return client.post(f"/patients/{patient}/prescriptions/drafts/{key or uuid7()}{do}", data={**META, **entered})


@pytest.mark.parametrize("kind", Kind)
def test_what_is_typed_is_signed_and_shown(engine, world, sign_in, kind):
    alice = sign_in(world.alice)
    answer = post(alice, world.grace, {**FORMS[kind], "kind": kind.value})
    [row] = every(engine, world, Prescription)

    assert (answer.status_code, answer.location) == (303, f"/prescriptions/{row.id}")
    assert (row.kind, row.signed_by, row.prescriber_name, row.licence) == (
        kind,
        world.alice.id,
        "Dr Alice Moreau",
        "OPT-12345",
    )
    page = alice.get(answer.location).get_data(as_text=True)
    told = {
        Kind.SPECTACLE: ("−2.25", "010", "6/5 -1"),
        Kind.CONTACT: ("Aquaclear Toric", "8.60"),
        Kind.DRUG: ("Fluorometholone",),
    }
    assert [one for one in told[kind] if one not in page] == []


def test_a_draft_is_kept_at_every_pause_and_comes_back(engine, world, sign_in):
    alice, key = sign_in(world.alice), uuid7()
    for sphere in ("-", "-2.", "-2.25"):
        answer = post(alice, world.grace, {**GLASSES, "right_sphere": sphere}, key, do="")
        assert answer.status_code == 200
    [draft] = every(engine, world, Draft)

    assert draft.entered["right_sphere"] == "-2.25"
    assert "Nothing to remark." in answer.get_data(as_text=True)
    assert 'value="-2.25"' in alice.get(f"/prescriptions/drafts/{key}").get_data(as_text=True)
    assert sign_in(world.bob).get(f"/prescriptions/drafts/{key}").status_code == 404
    assert post(sign_in(world.bob), world.grace, GLASSES, key, do="").status_code == 404
    assert every(engine, world, Draft)[0].entered["right_sphere"] == "-2.25"


def test_a_draft_stays_with_its_patient(engine, world, sign_in):
    alice, key = sign_in(world.alice), uuid7()
    post(alice, world.grace, GLASSES, key, do="")
    assert post(alice, world.per, GLASSES, key).status_code == 404
    assert every(engine, world, Prescription) == []


def test_what_stands_in_the_way_is_said_beside_the_field_and_nothing_is_signed(engine, world, sign_in):
    entered = {**GLASSES, "right_sphere": "2.25", "left_axis": "90"}
    answer = post(sign_in(world.alice), world.grace, entered)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "Write the sign" in page
    assert 'aria-describedby="right_sphere-error"' in page
    assert 'value="2.25"' in page
    assert every(engine, world, Prescription) == []


def test_a_finding_that_asks_for_a_reason_is_signed_with_one(engine, world, sign_in):
    alice, entered = sign_in(world.alice), {**GLASSES, "right_sphere": "-5.00"}
    assert post(alice, world.grace, entered).status_code == 422
    assert post(alice, world.grace, {**entered, "why.P-ANISO.left_sphere": "Longstanding"}).status_code == 303
    [row] = every(engine, world, Prescription)

    assert [(one["id"], one["reason"]) for one in row.findings] == [("P-ANISO", "Longstanding")]


def test_the_chain_of_replacing_by_page(engine, world, sign_in, signed):
    alice = sign_in(world.alice)
    form = alice.get(f"/patients/{world.grace}/prescriptions/spectacle/new?replaces={signed.id}").get_data(as_text=True)
    assert 'id="right_axis" name="right_axis" value="010"' in form
    why = {"replaces_id": str(signed.id), "why.replaces": "Over-minused"}
    assert post(alice, world.grace, {**GLASSES, **why, "right_sphere": "-2.00"}).status_code == 303

    with unit_of_work(engine, world.one) as session:
        old = queries.one(session, signed.id, TODAY)
        assert (old.state, old.ending.why) == (State.SUPERSEDED, "Over-minused")
    again = f"/patients/{world.grace}/prescriptions/spectacle/new?replaces={signed.id}"
    assert alice.get(again).status_code == 404
    assert alice.get(f"/patients/{world.per}/prescriptions/spectacle/new?replaces={signed.id}").status_code == 404


def test_cancelling_by_page_needs_words(engine, world, sign_in, signed):
    alice, end = sign_in(world.alice), f"/prescriptions/{signed.id}/end"
    wordless = alice.post(end, data={"state": "cancelled", "reason": "other", "why": " "})
    assert wordless.status_code == 422
    assert "Say why." in wordless.get_data(as_text=True)
    told = {"state": "cancelled", "reason": "other", "why": "Wrong patient"}
    assert alice.post(end, data=told).status_code == 303
    assert alice.post(end, data=told).status_code == 409
    assert "Wrong patient" in alice.get(f"/patients/{world.grace}/prescriptions").get_data(as_text=True)


@pytest.mark.parametrize(
    ("form", "evidence", "status"),
    [
        *(("signed_statement", "", 303), ("signed_copy", "", 303), ("signed_receipt", "", 303)),
        *(("digital_delivery", "Message 7781", 303), ("digital_delivery", "", 422), ("a promise", "", 400)),
    ],
)
def test_a_copy_is_released_in_one_of_four_forms(engine, world, sign_in, signed, form, evidence, status):
    told = {"handed": "handed", "form": form, "received_by": "Grace Okafor", "evidence": evidence}
    assert sign_in(world.alice).post(f"/prescriptions/{signed.id}/release", data=told).status_code == status
    assert [one.form for one in every(engine, world, Release)] == ([form] if status == 303 else [])


@pytest.mark.parametrize("who", ["rosa", "omar", "dora", "olivia", "charlie"])
def test_who_may_not_prescribe_changes_nothing(engine, world, sign_in, signed, who):
    """Olivia may read the record; running a practice is no licence to prescribe."""
    client = sign_in(getattr(world, who))
    expected = 404 if who == "charlie" else 403
    told = {"state": "cancelled", "reason": "other", "why": "x"}
    refused = [
        post(client, world.grace, GLASSES).status_code,
        post(client, world.grace, GLASSES, do="").status_code,
        client.post(f"/prescriptions/{signed.id}/end", data=told).status_code,
        client.get(f"/patients/{world.grace}/prescriptions/spectacle/new").status_code,
    ]
    reads = 200 if who == "olivia" else expected
    looks = [client.get(f"/prescriptions/{signed.id}"), client.get(f"/api/v1/prescriptions/{signed.id}")]

    assert refused == [expected] * 4
    assert [one.status_code for one in looks] == [reads] * 2
    assert [one.id for one in every(engine, world, Prescription)] == [signed.id]
    with unit_of_work(engine, world.one) as session:
        assert queries.one(session, signed.id, TODAY).state == State.IN_FORCE


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize("address", ["/api/v1/prescriptions/{id}", "/api/v1/prescriptions/{id}/fhir", ONE])
def test_no_address_changes_what_was_signed(engine, world, sign_in, signed, method, address):
    answer = sign_in(world.alice).open(address.format(id=signed.id), method=method, json={"right_sphere": "-9.00"})
    assert answer.status_code == 405
    with unit_of_work(engine, world.one) as session:
        assert queries.is_true(queries.one(session, signed.id, TODAY)) is True


def test_the_api_tells_what_was_written_with_exact_numbers(world, sign_in, signed):
    answer = sign_in(world.alice).get(f"/api/v1/patients/{world.grace}/prescriptions").get_json()
    [one] = answer["prescriptions"]

    assert (one["state"], one["id"], one["ended"]) == ("in_force", signed.id, None)
    eye = one["written"]["eyes"][0]
    assert (eye["eye"], eye["sphere"], eye["cylinder"], eye["axis"]) == ("right", "-2.25", "-1.5", 10)
    assert one["written"]["eyes"][1]["cylinder"] == "0"


STEPS = Template("refraction", 1, Words("Refraction", "验光"), (Step("final"), Step("pd")))
FINAL = {
    **{"final.1.sphere.R": "-3.50", "final.1.cylinder.R": "-0.75", "final.1.axis.R": "10", "final.1.prism.R": "2 BI"},
    **{"final.1.sphere.L": "pl", "final.1.vertex.N": "12", "pd.1.far.N": "62"},
}


def examined(engine, tenant_id, patient_id, store_id, by):
    """The id of an examination that is being written."""
    with unit_of_work(engine, tenant_id) as session:
        visit = drafting.begin(session, patient_id=patient_id, template=STEPS, store_id=store_id, by=by)
        changes = [Change(places.read(place), entered) for place, entered in FINAL.items()]
        drafting.save(session, encounter_id=visit.id, changes=changes, by=by)
        return visit.id


def test_a_refraction_of_the_record_fills_the_form_and_no_address_holds_a_value(engine, world, sign_in):
    visit = examined(engine, world.one, world.grace, world.pier.id, world.alice.id)
    address = f"/patients/{world.grace}/prescriptions/spectacle/new?encounter_id={visit}&element=final"
    page = sign_in(world.alice).get(address).get_data(as_text=True)

    filled = {name: re.search(rf'id="{name}"[^>]*value="([^"]*)"', page) for name in FILLED}
    assert {name: found and found[1] for name, found in filled.items()} == FILLED
    assert f'name="encounter_id" value="{visit}"' in page


FILLED = {
    **{"right_sphere": "-3.50", "right_cylinder": "-0.75", "right_axis": "010", "right_prism": "2.00 in"},
    **{"left_sphere": "plano", "bvd": "12", "pd_far": "62"},
}


def test_somebody_elses_refraction_fills_nothing(engine, world, sign_in):
    visit = examined(engine, world.one, world.per, world.pier.id, world.alice.id)
    address = f"/patients/{world.grace}/prescriptions/spectacle/new?encounter_id={visit}&element=final"
    page = sign_in(world.alice).get(address).get_data(as_text=True)

    assert "-3.50" not in page


KNOWN = {"status": "active", "severity": "unknown", "by": None, "recorded_by": None}
NEEDED = {name: value for name, value in KNOWN.items() if name in Allergy.__table__.c}


def test_drugs_are_checked_against_the_patients_allergies(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        session.get_one(Patient, (world.one, world.grace)).allergy_state = "listed"
        session.add(Allergy(patient_id=world.grace, substance="Neomycin", **NEEDED))
    entered = {**DRUGS, "kind": "drug", "drug_1": "Tobramycin", "taper_1": ""}
    answer = post(sign_in(world.alice), world.grace, entered)

    assert answer.status_code == 422
    assert "recorded as allergic to Neomycin" in answer.get_data(as_text=True)
    assert every(engine, world, Prescription) == []


EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("kind", Kind)
def test_what_was_typed_is_never_markup(engine, world, sign_in, kind):
    texts = {
        **{"notes_patient": EVIL, "notes_lab": EVIL, "licence": EVIL, "care_system": EVIL, "right_name": EVIL},
        **{"drug_1": EVIL, "dose_1": EVIL, "instructions_1": EVIL, "right_va": "<script>a(1)</sc"},
    }
    fitting = {name: text for name, text in texts.items() if name in {*FORMS[kind], "notes_patient", "notes_lab"}}
    alice = sign_in(world.alice)
    post(alice, world.grace, {**FORMS[kind], **fitting, "kind": kind.value}, uuid7(), do="")
    answer = post(alice, world.grace, {**FORMS[kind], **fitting, "kind": kind.value})
    [row] = every(engine, world, Prescription)
    alice.post(f"/prescriptions/{row.id}/end", data={"state": "cancelled", "reason": "other", "why": EVIL})
    of = f"/patients/{world.grace}/prescriptions"

    pages = [alice.get(one).get_data(as_text=True) for one in (answer.location, of)]
    mistyped = post(alice, world.grace, dict.fromkeys(FORMS[kind], EVIL) | {"kind": kind.value})
    pages.append(mistyped.get_data(as_text=True))
    assert [page.count("<script>a") for page in pages] == [0, 0, 0]


def test_three_prescriptions_ask_no_more_than_one(app, engine, world, sign_in):
    alice, counted = sign_in(world.alice), []

    def ask(statements):
        def count(_c, _cursor, statement, *_):
            statements.append(statement)

        event.listen(app.extensions["emmetra.engine"], "before_cursor_execute", count)
        try:
            alice.get(f"/patients/{world.grace}/prescriptions")
        finally:
            event.remove(app.extensions["emmetra.engine"], "before_cursor_execute", count)
        return len(statements)

    for kind in (Kind.SPECTACLE, Kind.DRUG, Kind.SPECTACLE):
        with unit_of_work(engine, world.one) as session:
            sign(session, world.pier, world.alice, world.grace, kind)
        counted.append(ask([]))
    assert len(set(counted)) == 1


def test_two_are_compared_side_by_side(engine, world, sign_in, signed):
    with unit_of_work(engine, world.one) as session:
        newer = sign(session, world.pier, world.alice, world.grace, changed={"right_sphere": "-2.75"})
    address = f"/patients/{world.grace}/prescriptions/compare?one={newer.id}&other={signed.id}"
    page = sign_in(world.alice).get(address).get_data(as_text=True)

    assert re.findall(r'class="rx-changed">([^<]+)<', page) == ["−2.75", "−2.25"]
    assert sign_in(world.alice).get(address.replace(f"other={signed.id}", "other=0")).status_code == 404


def test_an_add_for_a_child_asks_why(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        born = date(TODAY.year - 8, 1, 1)
        session.execute(update(Patient).where(Patient.id == world.grace).values(birth_date=born))
    entered = {**GLASSES, "design": "progressive", "right_add_near": "2.00", "left_add_near": "2.00"}
    answer = post(sign_in(world.alice), world.grace, entered, do="")
    assert f"An add for a child of {8}." in answer.get_data(as_text=True)


@pytest.mark.parametrize("kind", [Kind.SPECTACLE, Kind.CONTACT])
def test_the_pages_speak_chinese(world, sign_in, engine, kind):
    with unit_of_work(engine, world.one) as session:
        row = sign(session, world.pier, world.alice, world.grace, kind)
    client = sign_in(world.alice)
    client.set_cookie("language", "zh")
    page = client.get(f"/prescriptions/{row.id}").get_data(as_text=True)
    assert ("球镜" if kind == Kind.SPECTACLE else "基弧") in page
    assert LENSES["care_system"] in page or kind == Kind.SPECTACLE


def test_a_signed_prescription_stands_in_the_timeline(world, sign_in, signed):
    page = sign_in(world.alice).get(f"/patients/{world.grace}/overview?kind=prescriptions").get_data(as_text=True)

    assert "Spectacle prescription" in page
    assert f"/prescriptions/{signed.id}" in page
