"""The structure FHIR R4 asks of a VisionPrescription, on prescriptions of every shape."""

import json
from decimal import Decimal

import pytest

from cloud.kernel.database import unit_of_work
from cloud.prescriptions import fhir, queries, services
from cloud.prescriptions.choices import Kind, State
from tests.cloud.prescriptions.written_here import TODAY, sign

NEEDED = {"status", "created", "patient", "dateWritten", "prescriber", "lensSpecification"}
KNOWN = {"resourceType", "id", "identifier", "extension", "encounter"} | NEEDED
LENS = {
    *("product", "eye", "sphere", "cylinder", "axis", "prism", "add", "power", "backCurve", "diameter", "duration"),
    *("color", "brand", "note", "extension"),
}


def exported(engine, world, kind=Kind.SPECTACLE, **changed):
    with unit_of_work(engine, world.one) as session:
        row = sign(session, world.pier, world.alice, world.grace, kind, changed=changed)
        encoded = fhir.as_json(fhir.vision_prescription(queries.one(session, row.id, TODAY)))
    return json.loads(encoded, parse_float=Decimal)


@pytest.mark.parametrize("kind", [Kind.SPECTACLE, Kind.CONTACT])
def test_every_needed_element_is_there_and_no_unknown_one(engine, world, kind):
    found = exported(engine, world, kind)

    assert found["resourceType"] == "VisionPrescription"
    assert NEEDED - set(found) == set()
    assert set(found) - KNOWN == set()
    assert found["status"] in ("active", "cancelled", "draft", "entered-in-error")
    assert [set(one) - LENS for one in found["lensSpecification"]] == [set(), set()]
    assert [one["eye"] for one in found["lensSpecification"]] == ["right", "left"]
    codes = {one["product"]["coding"][0]["code"] for one in found["lensSpecification"]}
    assert codes == {"lens" if kind == Kind.SPECTACLE else "contact"}


def test_powers_are_exact_numbers_and_axes_whole(engine, world):
    right, left = exported(engine, world)["lensSpecification"]

    assert (right["sphere"], right["cylinder"], right["axis"]) == (Decimal("-2.25"), Decimal("-1.50"), 10)
    assert type(right["axis"]) is int
    assert (left["cylinder"], "axis" in left, "add" in left) == (Decimal("0.00"), False, False)


def test_an_oblique_prism_goes_out_as_two_components_and_as_it_was_entered(engine, world):
    right, left = exported(engine, world, right_prism="5 @ 37", left_prism="2 out")["lensSpecification"]

    assert right["prism"] == [{"amount": Decimal("3.99"), "base": "in"}, {"amount": Decimal("3.01"), "base": "up"}]
    assert left["prism"] == [{"amount": Decimal("2.00"), "base": "out"}]
    entered = [one["valueString"] for one in right["extension"] if one["url"].endswith("prism-entered")]
    assert entered == ["5.00 @ 37"]


def test_what_r4_has_no_field_for_goes_out_in_extensions(engine, world):
    found = exported(engine, world, right_add_near="2.00", right_add_intermediate="1.00", right_pd_far="31.5")
    of_all = {one["url"].rpartition(":")[2]: one for one in found["extension"]}
    of_right = {one["url"].rpartition(":")[2]: one for one in found["lensSpecification"][0]["extension"]}

    assert of_all["vertex-distance"]["valueQuantity"]["value"] == 12
    assert of_all["purpose"]["valueString"] == "distance"
    assert "valid-until" in of_all
    assert of_right["add-intermediate"]["valueQuantity"]["code"] == "[diop]"
    assert of_right["pd-distance"]["valueQuantity"]["value"] == Decimal("31.50")


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.CANCELLED, "cancelled"), (State.SUPERSEDED, "cancelled"), (State.ENTERED_IN_ERROR, "entered-in-error")],
)
def test_an_ended_one_says_so(engine, world, state, status):
    with unit_of_work(engine, world.one) as session:
        row = sign(session, world.pier, world.alice, world.grace)
        services.end(session, row.id, state, reason="other", why="because", by=world.alice.id)
        assert fhir.vision_prescription(queries.one(session, row.id, TODAY))["status"] == status


def test_it_is_served_as_fhir_and_a_drug_has_none(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        rows = [sign(session, world.pier, world.alice, world.grace, kind) for kind in (Kind.CONTACT, Kind.DRUG)]
    glass, drug = (sign_in(world.alice).get(f"/api/v1/prescriptions/{row.id}/fhir") for row in rows)

    assert (glass.status_code, glass.mimetype) == (200, "application/fhir+json")
    assert glass.get_json()["lensSpecification"][0]["backCurve"] == 8.6
    assert drug.status_code == 404
