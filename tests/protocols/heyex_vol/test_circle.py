"""Thickness along a circle: hand-made lines whose thickness is known."""

from decimal import Decimal

import pytest

from firmware_sim.heyex_vol import exported
from firmware_sim.heyex_vol.export import thickness_um
from protocols import heyex_vol
from protocols.framing import Garbled, Transmission
from protocols.readings import Image, Oct


def read(data):
    (event,) = heyex_vol.decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def nerves(data, eye="right"):
    return getattr(read(data)[1], eye).rnfl_um


@pytest.mark.parametrize(("eye", "side"), [("OD", "right"), ("OS", "left")])
def test_an_even_layer_is_as_thick_everywhere(eye, side):
    thickness = nerves(exported(eye=eye, um=100.0), side)

    assert set(thickness.values()) == {Decimal("100.0")}
    assert set(thickness) >= {"average", "temporal", "superior", "nasal", "inferior", "temporal_superior"}


@pytest.mark.parametrize(("eye", "side"), [("OD", "right"), ("OS", "left")])
@pytest.mark.parametrize("start", [0.0, 8.0, -12.0])
def test_sectors_follow_the_circle_from_its_start(eye, side, start):
    thickness = nerves(exported(eye=eye, start_deg=start), side)

    assert float(thickness["average"]) == pytest.approx(95, abs=0.1)
    assert thickness["superior"] > thickness["inferior"] > thickness["nasal"]
    for name, first in {"superior": 45, "nasal": 135, "inferior": 225, "nasal_superior": 90}.items():
        width = 45 if "_" in name else 90
        mean = sum(thickness_um(first + width * part / 500) for part in range(500)) / 500
        assert float(thickness[name]) == pytest.approx(mean, abs=0.4), name


def test_a_circle_that_starts_elsewhere_has_an_average_alone():
    _, reading = read(exported(start_deg=90.0))

    assert set(reading.right.rnfl_um) == {"average"}
    assert "sectors_unknown" in [note.code for note in reading.notes]


def test_a_sector_that_was_not_found_has_no_value():
    thickness = nerves(exported(um=100.0, lost=40))  # of 768 columns, at the start: temporal, by its superior half

    assert "temporal" not in thickness
    assert thickness["average"] == Decimal("100.0")


def test_nothing_found_is_no_reading():
    readings = read(exported(um=100.0, lost=768))
    assert [type(one) for one in readings] == [Image]


def test_a_volume_is_told_and_not_measured():
    (reading,) = read(exported(pattern=3, scans=4, columns=64))
    assert (reading.frames, reading.columns, reading.rows, reading.view) == (4, 64, 32, "volume")


def test_the_scan_is_utc_and_the_visit_is_not():
    picture, reading = read(exported())

    assert reading.measured_at == picture.measured_at == "2011-11-09T11:57:56+00:00"
    assert reading.extra["visit_at"] == "2011-11-09T12:55:08"
    assert "time_zones" in [note.code for note in reading.notes]
    assert isinstance(reading, Oct)
    assert reading.right.signal_strength == Decimal("24.4")


def test_a_file_that_breaks_off_gives_no_thickness():
    (reading,) = read(exported()[:-1])
    assert [note.code for note in reading.notes] == ["time_zones", "volume_incomplete"]


@pytest.mark.parametrize("data", [b"HSF-OCT-103", exported()[:2000], exported().replace(b"OD", b"XX", 1)])
def test_what_has_no_head_is_refused(data):
    assert [type(event) for event in heyex_vol.decode(data)] == [Garbled]
