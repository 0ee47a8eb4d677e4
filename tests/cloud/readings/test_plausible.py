"""What can hardly be, and what a perimeter or a cuff doubts: alone, at the limit, and beyond it."""

import json
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as some

from cloud.readings import plausible
from cloud.readings.limits import limits
from cloud.web import frame, samples
from protocols import readings

WHO = {
    "instrument": {"maker": "Carl Zeiss Meditec", "model": "One", "dialect": "sample"},
    "integrity": {"checksum": "none", "raw_sha256": "0" * 64},
}


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("plausible")
    Babel(app)
    app.extensions[frame.KEY] = frame.Frame
    return app


def told(app: Flask, **body: object) -> list[tuple[str, str]]:
    reading = readings.from_json(json.dumps({**WHO, **body}).encode())
    with app.test_request_context("/"):
        return [tuple(one) for one in plausible.of(reading)]


@pytest.mark.parametrize("length", ["14", "23.41", "40"])
def test_a_length_that_may_be_is_believed(app, length):
    assert told(app, kind="biometry", right={"axial_length_mm": length}) == []


@pytest.mark.parametrize("length", ["13.99", "40.01", "2.341"])
def test_a_length_that_can_hardly_be_is_doubted_by_eye(app, length):
    words = f"OS: axial length of {length} mm can hardly be."
    assert told(app, kind="biometry", left={"axial_length_mm": length}) == [("implausible", words)]


def test_chamber_depths_of_two_definitions_are_not_compared(app):
    eyes = {
        "right": {"acd_mm": "3.38", "acd_from": "epithelium"},
        "left": {"acd_mm": "2.85", "acd_from": "endothelium"},
    }
    assert [code for code, _words in told(app, kind="biometry", **eyes)] == ["acd_mixed"]
    same = {side: {**eye, "acd_from": "epithelium"} for side, eye in eyes.items()}
    assert told(app, kind="biometry", **same) == []


def test_an_unreliable_field_says_by_how_much(app):
    eye = {"fixation_losses": 5, "fixation_checks": 20, "false_positives_percent": "18"}
    assert [words for _code, words in told(app, kind="visual_field", right=eye)] == [
        "OD: 25% fixation losses, more than 20%: the field may not be reliable.",
        "OD: 18% false positives, more than 15%: the field may not be reliable.",
    ]


def test_a_field_at_the_limit_and_one_without_checks_are_not_doubted(app):
    eye = {"fixation_losses": 4, "fixation_checks": 20, "false_positives_percent": "15"}
    assert told(app, kind="visual_field", right=eye, left={"fixation_losses": 3, "fixation_checks": 0}) == []


def test_a_weak_signal_is_doubted_by_its_makers_scale_only(app):
    assert [code for code, _words in told(app, kind="oct", right={"signal_strength": "5"})] == ["weak_signal"]
    other = {**WHO, "instrument": {"maker": "Other", "model": "One", "dialect": "sample"}}
    assert told(app, kind="oct", right={"signal_strength": "5"}, **other) == []


def test_blood_pressure_upside_down_and_a_doubting_cuff(app):
    body = {"systolic_mmhg": "80", "diastolic_mmhg": "120", "doubts": ["movement"]}
    assert [code for code, _words in told(app, kind="vital_signs", **body)] == ["implausible", "doubted_by_device"]


@given(some.sampled_from(sorted(limits().values)), some.decimals(-500, 5000, allow_nan=False, places=2))
def test_exactly_what_lies_outside_its_range_is_doubted(name, value):
    believed = limits().values[name]
    assert believed.holds(value) is (believed.low <= value <= believed.high)
    assert believed.low < believed.high


def test_the_table_is_versioned_and_says_that_nobody_checked_it():
    assert (limits().version, limits().unverified) == ("limits/1", True)
    assert limits().values["axial_length_mm"].low == Decimal(14)


def test_the_samples_are_doubted_where_they_were_made_odd(app):
    with app.test_request_context("/"):
        found = {name: [one.code for one in plausible.of(reading)] for name, reading in samples.readings().items()}
    assert {name: codes for name, codes in found.items() if codes} == {
        "biometry": ["acd_mixed", "doubtful_shot"],
        "visual_field": ["unreliable_field"],
        "vital_signs": ["doubted_by_device"],
    }
