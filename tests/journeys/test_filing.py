"""Whose reading it is, from the scanner, from the chair or from a person, and what a clinician says of it."""

import json
from decimal import Decimal

import pytest

from protocols.nidek_frame import decode
from protocols.readings import SCHEMA, to_json
from tests.journeys.desk import without_identity
from tests.journeys.visitor import Refused

DECISIONS = """
    SELECT verdict FROM readings_decision d JOIN readings_filing f USING (tenant_id)
    WHERE f.id = d.filing_id AND f.reading_id = CAST(:id AS uuid) ORDER BY d.id
"""
ALICE, ROSA, OMAR = "alice@harbour.example", "rosa@harbour.example", "omar@harbour.example"


@pytest.fixture(scope="module")
def alice(desk):
    return desk.sign_in(ALICE)


def ids(desk, printed):
    return [one["reading_id"] for one in desk.arrived(printed.raw)]


def powers(eye):
    return Decimal(eye["sphere"]), Decimal(eye["cylinder"]), eye["axis"]


def displayed(value):
    return value.sphere, value.cylinder, value.axis


def state(visitor, reading_id):
    return visitor.json(f"/api/v1/readings/{reading_id}")["state"]


@pytest.fixture
def per_in_lane_1(desk, alice):
    per = desk.patient("H-1003")
    alice.press(alice.get(f"/patients/{per}"), "/seat?lane=Lane")
    yield per
    alice.press(alice.get(f"/patients/{per}"), "/seats/leave")


def test_a_scanned_record_number_lands_in_that_chart_with_the_printed_values(desk, alice):
    printed = desk.bench.print("ark", "H-1001")
    grace = desk.patient("H-1001")

    assert desk.filed(printed.raw) == {(grace, "record_number", None)}
    chart = alice.json(f"/api/v1/patients/{grace}/readings")["readings"]
    shown = [one for one in chart if one["id"] in ids(desk, printed)]
    assert len(shown) == 3 and {one["state"] for one in shown} == {"proposed"}
    day = next(one["reading"] for one in shown if one["reading"].get("condition") == "day")
    assert {side: powers(day[side]) for side in ("right", "left")} == {
        side: displayed(getattr(printed.measured, side).representative) for side in ("right", "left")
    }


@pytest.mark.parametrize("place", ["ark", "tonoref", "lensmeter"])
def test_what_the_instrument_printed_is_what_the_record_says(desk, place):
    printed = desk.bench.print(place, "" if place == "lensmeter" else "H-1002")
    said = [json.loads(to_json(reading)) for event in decode(printed.raw) for reading in event.readings]

    stored = [without_identity(one) for one in desk.arrived(printed.raw)]
    assert stored == [without_identity(one | {"schema": SCHEMA}) for one in said]


def test_without_a_record_number_the_chair_of_the_lane_decides(desk, per_in_lane_1):
    printed = desk.bench.print("ark")

    assert desk.filed(printed.raw) == {(per_in_lane_1, "chair", None)}


def test_the_chair_of_one_lane_says_nothing_of_another(desk, per_in_lane_1):
    printed = desk.bench.print("lensmeter")

    assert desk.filed(printed.raw) == {(None, None, None)}


def test_a_record_number_against_the_chair_goes_to_the_tray_with_the_doubt(desk, alice, per_in_lane_1):
    printed = desk.bench.print("ark", "H-1001")

    assert desk.filed(printed.raw) == {(None, "record_number", "chair_contradicts_record_number")}
    doubts = alice.json(f"/api/v1/readings/{ids(desk, printed)[0]}")["doubts"]
    assert "chair_contradicts_record_number" in [doubt["code"] for doubt in doubts]


def test_a_record_number_nobody_has_goes_to_the_tray_with_the_doubt(desk, alice):
    printed = desk.bench.print("ark", "H-4711")

    assert desk.filed(printed.raw) == {(None, "record_number", "unknown_record_number")}


def test_a_reading_of_nobody_waits_in_the_tray_until_somebody_assigns_it(desk, alice):
    eva = desk.patient("H-1006")
    [lens] = ids(desk, desk.bench.print("lensmeter"))
    assert lens in [one["id"] for one in alice.json("/api/v1/tray")["readings"]]
    assert f"/readings/{lens}" in alice.get("/tray")

    found = alice.get(f"/readings/{lens}?q=Novak")
    chart = alice.press(found, f"patient_id={eva}")
    assert f"reading-{lens}" in chart
    assert lens not in [one["id"] for one in alice.json("/api/v1/tray")["readings"]]
    assert state(alice, lens) == "proposed"


def test_a_clinician_accepts_takes_back_and_rejects_with_a_reason_and_all_of_it_stays_written(desk, alice):
    mariana = desk.patient("H-1004")
    first = ids(desk, desk.bench.print("tonoref", "H-1004"))[0]

    def decide(verdict, **fields):
        return alice.press(
            alice.get(f"/patients/{mariana}"), f"{first}/decide?patient_id={mariana}&verdict={verdict}", **fields
        )

    for verdict in ("accepted", "proposed"):
        decide(verdict)
        assert state(alice, first) == verdict
    with pytest.raises(Refused, match="422"):
        decide("rejected", reason=" ")
    assert "Blinked" in decide("rejected", reason="Blinked")
    assert state(alice, first) == "rejected"
    assert [row.verdict for row in desk.rows(DECISIONS, id=first)] == ["accepted", "proposed", "rejected"]


def test_not_this_patient_puts_it_back_into_the_tray(desk, alice):
    chart = f"/patients/{desk.patient('H-1005')}"
    first = ids(desk, desk.bench.print("ark", "H-1005"))[0]

    alice.press(alice.get(chart), f"/readings/{first}/file")

    assert state(alice, first) == "unmatched"
    assert f"reading-{first}" in alice.get("/tray")


@pytest.mark.parametrize("email", [ROSA, OMAR])
def test_reception_and_the_engineer_may_not_accept(desk, email):
    first, yusuf = ids(desk, desk.bench.print("ark", "H-1007"))[0], desk.patient("H-1007")

    with pytest.raises(Refused, match="403"):
        desk.sign_in(email).send(f"/readings/{first}/decide", patient_id=str(yusuf), verdict="accepted")
    assert desk.rows(DECISIONS, id=first) == []


def test_another_chain_sees_nothing_of_it(desk):
    printed = desk.bench.print("ark", "H-1008")
    [first, *_] = ids(desk, printed)
    charlie = desk.sign_in("charlie@hillside.example")

    for path in (f"/readings/{first}", f"/readings/{first}.bin", f"/api/v1/readings/{first}"):
        with pytest.raises(Refused, match="404"):
            charlie.get(path)
    with pytest.raises(Refused, match="404"):
        charlie.get(f"/patients/{desk.patient('H-1008')}")
    assert charlie.json("/api/v1/tray") == {"readings": []}
    for table in ("readings_reading", "readings_capture", "readings_filing", "people_patient", "fleet_gateway"):
        assert desk.rows(f"SELECT * FROM {table}", chain="hillside") == []
