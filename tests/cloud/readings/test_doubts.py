"""Each doubt, alone and together; a reading without one has none."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from cloud.readings import doubts
from cloud.readings.parcels import Sender
from cloud.web import frame
from protocols import readings
from protocols.envelope import Address
from tests.cloud.people_here import Place
from tests.cloud.readings.parcels_here import Outbox

PIER = Place(2, "pier", Sender(1, 2, 3), Address("one", "pier", "gw-1"))
AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def said(**told):
    return readings.from_json(json.dumps(Outbox(PIER).reading(**told).item["body"]).encode())


def codes(app: Flask, reading=None, *, ahead: float = 0, clock: str = "synced", why: str | None = None) -> list[str]:
    with app.test_request_context("/"):
        found = doubts.of(reading or said(), AT + timedelta(seconds=ahead), AT, clock, why)
    assert all(doubt.text for doubt in found)
    return [doubt.code for doubt in found]


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("doubts")
    Babel(app)
    app.extensions[frame.KEY] = frame.Frame
    return app


def eye(confidence: int | None) -> dict[str, object]:
    return {"sphere": "-1.00", **({"confidence": confidence} if confidence is not None else {})}


def pressure(*doubtful: bool) -> dict[str, object]:
    puffs = [{"iop_mmhg": "15", "doubtful": one} for one in doubtful]
    return {"kind": "tonometry", "right": {"iop_mmhg": "15", "readings": puffs}}


def test_a_good_reading_has_none(app):
    assert codes(app) == []


@pytest.mark.parametrize("why", ["unknown_record_number", "chair_contradicts_record_number"])
def test_a_filing_that_failed_says_why(app, why):
    assert codes(app, why=why) == [why]


def test_a_persons_own_words_are_no_doubt(app):
    assert codes(app, why="wrong Grace") == []


@pytest.mark.parametrize(("checksum", "found"), [("ok", []), ("none", []), ("bad", ["checksum_bad"])])
def test_a_wrong_checksum(app, checksum, found):
    assert codes(app, said(integrity={"checksum": checksum, "raw_sha256": "0"})) == found


@pytest.mark.parametrize(
    ("confidence", "found"), [(None, []), (9, []), (5, []), (4, ["low_confidence"]), (0, ["low_confidence"])]
)
def test_an_instrument_that_is_unsure(app, confidence, found):
    assert codes(app, said(right=eye(confidence))) == found
    assert codes(app, said(right=eye(9), left=eye(confidence))) == found


def test_a_doubtful_puff(app):
    assert codes(app, said(**pressure(False, True))) == ["doubtful_puff"]
    assert codes(app, said(**pressure(False, False))) == []


@pytest.mark.parametrize(("ahead", "found"), [(-3600, []), (0, []), (5, []), (6, ["clock_ahead"])])
def test_a_clock_that_runs_ahead(app, ahead, found):
    assert codes(app, ahead=ahead) == found


@pytest.mark.parametrize(("clock", "found"), [("synced", []), ("coarse", []), ("floor", ["clock_unset"])])
def test_a_clock_that_was_never_set(app, clock, found):
    assert codes(app, clock=clock) == found


def test_what_the_driver_noted_comes_last(app):
    reading = said(right=eye(1), notes=[{"code": "swap", "text": "Right and left may be swapped."}])
    assert codes(app, reading, ahead=60, clock="floor", why="unknown_record_number") == [
        *("unknown_record_number", "low_confidence", "clock_ahead", "clock_unset", "swap"),
    ]
