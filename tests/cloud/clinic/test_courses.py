"""Figures over the years from readings and from the record: each once, and no line over what cannot be compared."""

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from cloud.clinic import courses, export, places, response
from cloud.clinic.courses import Told
from protocols.readings import (
    Biomechanics,
    BiomechanicsEye,
    Biometry,
    BiometryEye,
    Keratometry,
    KeratometryEye,
    Meridian,
    Oct,
    OctEye,
    TonometryEye,
    VisualField,
    VisualFieldEye,
)
from tests.cloud.clinic.readings_here import made, pressure, shown
from tests.cloud.clinic.test_trends import item, visit
from tests.cloud.web.shop import make_app

D = Decimal
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def page():
    with make_app().test_request_context("/"):
        yield


def heard(reading, years=0.0, **more):
    """Filed so many years ago, accepted."""
    one = shown(reading, **{"state": "accepted", **more})
    at = NOW - timedelta(days=round(365.25 * years))
    return dataclasses.replace(one, captured_at=at, stamped_at=at, arrived_at=at)


def told(*readings, visits=(), instruments=None):
    return Told(visits, readings, instruments or {}, "en", lambda n: f"/e/{n}", lambda one: f"/r/{one.id}")


def drawn(code, *readings, **more):
    return courses.chart(courses.courses()[code], told(*readings, **more))


def lines(chart):
    return [(one.eye, one.method, [point.text for point in one.points]) for one in chart.lines()]


def length(mm, maker="Lumen", model="A", **more):
    return made(Biometry, maker=maker, model=model, right=BiometryEye(axial_length_mm=D(mm)), **more)


def rnfl(um, maker="Lumen"):
    return made(Oct, maker=maker, model="Cube", right=OctEye(rnfl_um={"average": D(um)}))


def field(md, test="24-2", **more):
    eye = VisualFieldEye(md_db=D(md), vfi_percent=D(90))
    return made(VisualField, test=test, strategy="SITA-Standard", left=eye, **more)


def test_lengths_of_two_instruments_are_one_line_with_a_mark_between():
    chart = drawn("length", heard(length("24.10")), heard(length("23.50", model="B"), 2))
    assert lines(chart) == [("R", "", ["23.50", "24.10"])]
    assert [(mark.kind, mark.words) for mark in chart.marks] == [("device", "Lumen A")]


def test_ultrasound_and_light_are_two_lines():
    chart = drawn("length", heard(length("24.10")), heard(length("23.50", method="ultrasound"), 2))
    assert [method for _eye, method, _texts in lines(chart)] == ["ultrasound", ""]


def test_no_line_of_thickness_passes_from_one_instrument_to_another():
    chart = drawn("rnfl", heard(rnfl(80)), heard(rnfl(92, "Other"), 1), heard(rnfl(95, "Other"), 2))
    assert lines(chart) == [("R", "Other Cube", ["95", "92"]), ("R", "Lumen Cube", ["80"])]
    assert [mark.words for mark in chart.marks] == ["Lumen Cube"]


def test_fields_of_different_tests_stand_apart():
    chart = drawn("md", heard(field("-3.1")), heard(field("-2.0", "10-2"), 1))
    assert [method for _eye, method, _texts in lines(chart)] == ["10-2, SITA Standard", "24-2, SITA Standard"]


def test_a_loss_written_as_a_positive_number_is_not_drawn_among_negative_ones():
    assert drawn("md", heard(field("4.2", maker="Haag-Streit"))).is_empty
    assert not drawn("vfi", heard(field("4.2", maker="Haag-Streit"))).is_empty


def test_pressures_keep_their_methods():
    puff = heard(pressure("18"))
    pulse = made(
        Biomechanics, maker="Oculus", model="Corvis ST", right=BiomechanicsEye(iop_mmhg=D(17), biop_mmhg=D(15))
    )
    found = {method for _eye, method, _texts in lines(drawn("pressure", puff, heard(pulse, 1)))}
    assert len(found) == 3
    assert "" not in found


def test_a_rejected_reading_is_not_drawn_and_a_proposed_one_says_so():
    assert drawn("length", heard(length("24.10"), state="rejected")).is_empty
    chart = drawn("length", heard(length("24.10"), state="proposed"))
    assert [point.note for line in chart.lines() for point in line.points] == ["not yet accepted"]


def test_what_went_into_the_record_is_drawn_once_from_the_record():
    one = heard(length("24.10"))
    taken = visit(1, biometry__axial_length__R=item_of("24.10", str(one.id)))
    chart = drawn("length", one, visits=[taken])
    assert [(point.text, point.href) for line in chart.lines() for point in line.points] == [("24.10", "/e/1")]


def item_of(entered, source):
    return item(places.read("biometry.1.axial_length.R"), entered, source=source)


def test_what_was_typed_off_the_instrument_the_same_day_is_drawn_once():
    one = heard(length("24.10"))
    typed = dataclasses.replace(visit(1, biometry__axial_length__R="24.10"), at=one.captured_at + timedelta(minutes=5))
    other = dataclasses.replace(visit(1, biometry__axial_length__R="24.30"), at=one.captured_at + timedelta(minutes=5))
    assert [texts for _eye, _method, texts in lines(drawn("length", one, visits=[typed]))] == [["24.10"]]
    assert [texts for _eye, _method, texts in lines(drawn("length", one, visits=[other]))] == [["24.10", "24.30"]]


def test_corneal_power_is_that_of_the_radii_whichever_is_named_first():
    eye = KeratometryEye(r1=Meridian(radius_mm=D("7.50")), r2=Meridian(radius_mm=D("7.80")))
    chart = drawn("curvature", heard(made(Keratometry, right=eye)))
    (point,) = [point for line in chart.lines() for point in line.points]
    assert round(point.value, 4) == round((D("337.5") / D("7.80") + 45) / 2, 4)


def test_an_old_examination_read_out_today_stands_on_its_own_day():
    chart = drawn("length", heard(length("22.90", measured_at="2019-05-04T10:00:00")))
    (point,) = [point for line in chart.lines() for point in line.points]
    assert (point.at.date().isoformat(), point.note) == ("2019-05-04", "day by the instrument's own clock")


def test_an_instrument_whose_clock_runs_ahead_is_not_believed():
    chart = drawn("length", heard(length("22.90", measured_at="2031-05-04T10:00:00")))
    assert [point.at for line in chart.lines() for point in line.points] == [NOW]


def test_a_slope_is_told_of_a_line_and_never_of_pressure():
    course = courses.courses()["length"]
    chart = drawn("length", *(heard(length(f"{24 - n * D('0.25')}"), n) for n in range(4)))
    (line,) = chart.lines()
    assert round(float(courses.found(course, line).per_year), 2) == 0.25
    assert courses.found(courses.courses()["pressure"], line) is None


@pytest.mark.parametrize(("hour", "visits"), [(15, 3), (23, None)], ids=["one-of-greenwich", "one-of-shanghai"])
def test_days_are_the_stores(hour, visits):
    """Half an hour before and after midnight in Shanghai, where the store is, or in Greenwich."""
    night = datetime(2026, 11, 19, hour, 30, tzinfo=UTC)
    late = [
        dataclasses.replace(heard(length(mm)), captured_at=night + timedelta(hours=n))
        for n, mm in enumerate(("24.0", "24.1"))
    ]
    (line,) = drawn("length", *late, heard(length("23.0"), 3)).lines()
    found = courses.found(courses.courses()["length"], line)
    assert (found and found.visits) == visits


def test_two_visits_have_no_slope():
    (line,) = drawn("length", heard(length("24.0")), heard(length("23.0"), 3)).lines()
    assert courses.found(courses.courses()["length"], line) is None


def test_a_figure_leaves_as_csv_with_its_marks():
    text = export.course(drawn("length", heard(length("24.10")), heard(length("23.50", model="=B"), 2)))
    rows = text.removeprefix("\ufeff").splitlines()
    assert rows[0] == "Date,Eye,Value,Axial length (mm),Method,Note"
    assert rows[1:] == ["2024-11-20,R,,23.50,,", "2026-11-20,,,,,Lumen A", "2026-11-20,R,,24.10,,"]


def pulse(cct, biop, model="Corvis ST"):
    eye = BiomechanicsEye(cct_um=D(cct), biop_mmhg=D(biop), iop_mmhg=D(biop) + 1, cbi=D("0.1"))
    return made(Biomechanics, maker="Oculus", model=model, right=eye)


def test_the_response_of_each_eye_stands_by_visit_with_pressures_over_thickness():
    right, left = response.eyes([heard(pulse(560, "14.2")), heard(pulse(548, "15.1", "Corvis"), 1)])
    assert [(visit.instrument, visit.changed) for visit in right.visits] == [
        ("Oculus Corvis ST", True),
        ("Oculus Corvis", False),
    ]
    assert [words for _sign, words in right.legend] == ["IOP", "bIOP"]
    assert str(right.drawing).count("<title>") == 4
    assert (left.visits, left.drawing) == ([], None)


def test_a_rejected_response_is_left_out():
    assert response.eyes([heard(pulse(560, "14.2"), state="rejected")])[0].visits == []


def test_an_eye_without_a_value_is_no_point():
    silent = structs.replace(pressure("18"), left=TonometryEye(error="blink"))
    assert [eye for eye, _method, _texts in lines(drawn("pressure", heard(silent)))] == ["R"]


def test_every_course_can_be_read_in_both_languages():
    found = courses.courses().values()
    assert all(one.title.zh and one.title.en and one.axis.zh for one in found)
    assert {one.code for one in found} == {"length", "pressure", "curvature", "rnfl", "md", "vfi", "cct", "ch"}


def test_two_tonometers_side_by_side_are_no_change_of_instrument():
    visits = [(heard(pressure("18"), n), heard(pressure("17", model="IC200", maker="iCare"), n)) for n in range(3)]
    assert drawn("pressure", *(one for pair in visits for one in pair)).marks == []


def test_two_instruments_for_thickness_in_turn_are_marked_where_each_began():
    chart = drawn("rnfl", *(heard(rnfl(90 + n, "Other" if n % 2 else "Lumen"), n) for n in range(4)))
    assert [(mark.words, mark.at.year) for mark in chart.marks] == [("Lumen Cube", 2024)]


def test_a_line_over_two_instruments_is_known_as_one():
    chart = drawn("length", *(heard(length(f"{24 - n}", model="B" if n else "A"), n) for n in range(3)))
    assert [courses.mixed(line, chart.marks) for line in chart.lines()] == [True]
    alone = drawn("length", *(heard(length(f"{24 - n}"), n) for n in range(3)))
    assert [courses.mixed(line, alone.marks) for line in alone.lines()] == [False]
