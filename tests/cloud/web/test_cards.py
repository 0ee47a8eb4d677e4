from decimal import Decimal

import pytest
from flask import g

from cloud.web import Frame, Notation, samples
from cloud.web.cards import card_of
from cloud.web.filters import absent
from protocols.readings import Instrument, Integrity, Pachymetry, PachymetryEye, PachymetryReading


@pytest.fixture
def cards(page):
    return {name: card_of(reading) for name, reading in samples.readings().items()}


def cells(card):
    return {line.label: tuple(line.cells) for line in card.lines}


def test_the_right_eye_comes_first(cards):
    assert [column.head for column in cards["day"].columns] == ["OD", "OS"]
    assert cells(cards["day"])["Sphere (D)"] == ("−1.75", "+0.25")
    assert cells(cards["day"])["Axis"] == ("005", "000")


def test_an_eye_not_measured_is_absent_and_its_message_is_shown(cards):
    assert cells(cards["night"])["Sphere (D)"] == ("−2.25", absent())
    assert cells(cards["night"])["Instrument message"] == (absent(), "No target")


def test_day_and_night_are_told_apart(cards):
    assert [cards[name].title for name in ("day", "night")] == ["Autorefraction, day", "Autorefraction, night"]


def test_a_second_ring_is_named(cards):
    assert cards["keratometry"].title == "Keratometry, ring 2"
    assert cells(cards["keratometry"])["R2 steep (mm)"] == ("7.68 @ 085", "7.73 @ 093")


def test_a_lens_keeps_its_finer_step_and_an_unproven_prism_its_sign(cards):
    assert cells(cards["lensmetry"])["Sphere (D)"][0] == "−2.125"
    assert cells(cards["lensmetry"])["Prism, horizontal (Δ)"] == ("1.50 base in", "−0.50")


def test_one_unmarked_lens_stands_alone(cards):
    assert [column.head for column in cards["single_lens"].columns] == ["Lens"]
    assert cells(cards["single_lens"])["Axis"] == ("180",)


def test_an_eye_the_instrument_cannot_name_is_not_put_under_one(page):
    whose = PachymetryEye(cct_um=Decimal(546), readings=(PachymetryReading(cct_um=Decimal(545)),))
    who = Instrument(maker="DGH", model="DGH 550", dialect="dgh")
    card = card_of(Pachymetry(instrument=who, integrity=Integrity(checksum="none", raw_sha256="0"), unassigned=whose))

    assert [column.head for column in card.columns] == ["Eye?"]
    assert cells(card)["CCT (µm)"] == ("546",)
    assert [one.eye for one in card.series] == ["Eye?"]


def test_the_series_of_an_eye_says_what_the_instrument_doubted(cards):
    right = cards["tonometry"].series[0]
    assert right.heads == ["No.", "IOP (mmHg)", "Confidence", "Doubtful"]
    assert right.rows[2] == ["3", "15", "4", "yes"]


def test_nothing_is_listed_that_no_eye_has(cards):
    assert "Contact lens axis" not in cells(cards["day"])
    assert [fact.label for fact in cards["pachymetry"].facts] == []


def test_eyes_are_headed_by_the_chains_setting(app):
    with app.test_request_context():
        g.web_frame = Frame(notation=Notation(eyes="R/L"))
        assert [column.head for column in card_of(samples.readings()["day"]).columns] == ["R", "L"]


def test_keratometry_reads_as_a_clinician_says_it(cards):
    shown = cells(cards["keratometry"])

    assert shown["R1 flat (mm)"] == ("7.84 @ 175", "7.90 @ 003")
    assert shown["K2 steep (D)"] == ("44.00 @ 085", "43.75 @ 093")
    assert shown["Corneal cylinder (D)"] == ("−1.00 @ 175", "−1.00 @ 003")


def test_a_pressure_shows_each_puff_its_time_and_the_correction_made(cards):
    shown = cells(cards["tonometry"])

    assert shown["Each measurement, doubtful in brackets"] == ("15  16  (15)", "21")
    assert ("Correction made, OD", "IOP − (562 − 545) × 0.07") in cards["tonometry"].facts
    assert ("Instrument's own time", "2026-11-21 14:02:10") in cards["tonometry"].facts


def test_a_stage_and_its_distance_stand_in_the_title(cards):
    titles = [cards[name].title for name in ("unaided", "final", "near")]
    assert titles == ["Unaided, far", "Final prescription, far, day", "Subjective refraction, near"]


def test_prism_is_shown_with_its_base_or_its_direction(cards):
    assert cells(cards["final"])["Prism, vertical (Δ)"] == ("0.50 base up", absent(), absent())
    assert cells(cards["polar_lens"])["Prism (Δ @ base in degrees)"] == ("1.50 @ 270", "0.75 @ 000")


def test_both_eyes_together_have_a_column_of_their_own(cards):
    assert [column.head for column in cards["acuity"].columns] == ["OD", "OS", "OU"]
    assert cells(cards["acuity"])["VA (decimal)"] == ("0.2 +2", "0.3 −1", "0.4")
    assert [column.head for column in cards["near"].columns] == ["OD", "OS"]


def test_an_unaided_eye_shows_no_lens(cards):
    assert list(cells(cards["unaided"])) == ["VA"]


def test_a_test_far_and_near_is_one_row(cards):
    shown = cells(cards["binocular"])

    assert [column.head for column in cards["binocular"].columns] == ["Far", "Near", "Result"]
    assert shown["Vergence, base out (blur / break / recovery, Δ)"] == ("9 / 19 / 10", "17 / 21 / 11", absent())
    assert shown["Phoria (Δ)"] == ("1.0 exo", "3.5 exo", absent())
    assert shown["PRA (blur / recovery, D)"] == (absent(), "−2.50 / −2.25", absent())


def test_biomechanics_has_its_own_names(cards):
    assert cells(cards["biomechanics"])["IOPcc (mmHg)"] == ("16.1", "15.8")


def test_what_has_no_word_in_the_vocabulary_is_shown_under_the_instruments_own(cards):
    assert cards["screener"].also == [("gaze right", "2, -1"), ("gaze left", "1, 0"), ("result", "REFER"), ("age", "4")]


def test_an_equivalent_is_shown_only_as_printed(cards):
    assert cells(cards["day"])["SE as printed (D)"] == ("−2.00", absent())
    assert "SE as printed (D)" not in cells(cards["night"])
