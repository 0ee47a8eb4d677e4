"""The check of the program that speaks DICOM."""

import dataclasses

import pytest

from edge.clock import Clock
from edge.config import load
from edge.diagnostics.checks import CHECKS
from edge.diagnostics.running import run_one
from edge.diagnostics.site import Site
from tests.edge.dicom.peers import write_config

WELL = {
    "listens": True,
    "where": "0.0.0.0:11112",
    "ae_title": "GATEWAY",
    "why": None,
    "refused": None,
    "devices": [{"name": "biometer"}],
    "queue": {"objects": 0, "reports": 0},
}


@pytest.mark.parametrize(
    ("changes", "cases"),
    [
        ({}, ["ok"]),
        ({"listens": False, "why": "Address in use"}, ["down"]),
        ({"devices": []}, ["no_devices"]),
        ({"queue": {"objects": 21, "reports": 0}}, ["queue"]),
        ({"refused": {"at": "2026-11-22T10:00:00.000Z", "why": "X called"}}, ["ok", "refused"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_check_says_how_dicom_is(tmp_path, changes, cases, language):
    site = Site(load(write_config(tmp_path)), Clock(), {"dicom": {**WELL, **changes}, "alarms": {}})
    assert [one.case for one in CHECKS["dicom"](site)] == cases
    said = run_one("dicom", site, language)
    assert all(one.fix for one in said if one.verdict != "ok")


def test_without_a_section_or_a_gateway_nothing_is_checked(tmp_path):
    config = load(write_config(tmp_path))
    assert CHECKS["dicom"](Site(config, Clock()))[0].case == "not_running"
    assert CHECKS["dicom"](Site(dataclasses.replace(config, dicom=None), Clock()))[0].case == "none"
