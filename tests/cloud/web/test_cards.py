from decimal import Decimal
from typing import get_args

import pytest
from flask import g

from cloud.web import Frame, Notation, samples
from cloud.web.cards import card_of
from cloud.web.cards.assembly import KINDS
from cloud.web.filters import absent
from protocols.readings import (
    Instrument,
    Integrity,
    Meridian,
    Pachymetry,
    PachymetryEye,
    PachymetryReading,
    Reading,
    Topography,
    TopographyEye,
)


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


def test_biometry_says_where_each_chamber_begins(cards):
    shown = cells(cards["biometry"])
    assert (shown["Axial length (mm)"], shown["K2 (D)"]) == (("23.41", "23.45"), ("43.77 @ 085", absent()))
    assert shown["… measured from"] == ("epithelium", "endothelium")
    assert cards["biometry"].remarks == [
        "Depths counted from the epithelium and from the endothelium differ by the cornea's thickness."
    ]
    assert cards["biometry"].series[0].rows[0] == ["1", "23.23", "1.9", "yes"]


def test_topography_keeps_the_makers_names(cards):
    shown = cells(cards["topography"])
    assert (shown["BAD-D"], shown["ISV"]) == (("1.12", "4.87"), (absent(), "61"))
    assert (shown["K max (D)"], shown["Asphericity Q"]) == (("45.10", "52.60"), ("−0.31", "−0.82"))


def test_a_map_whose_eye_nobody_named_is_not_put_under_one(page):
    whose = TopographyEye(k1=Meridian(power_d=Decimal("43.67"), axis=121))
    who = Instrument(maker="CSO", model="Antares", dialect="cso_text")
    card = card_of(Topography(instrument=who, integrity=Integrity(checksum="none", raw_sha256="0"), unassigned=whose))

    assert [column.head for column in card.columns] == ["Eye?"]
    assert cells(card)["K1 (D)"] == ("43.67 @ 121",)


def test_a_field_has_its_indices_three_maps_and_a_table_of_every_point(cards):
    card = cards["visual_field"]
    assert card.title == "Visual field, 24-2, SITA-Standard"
    assert (cells(card)["MD (dB)"], cells(card)["Fixation losses"]) == (("−4.21", absent()), ("4 / 14", absent()))
    assert [one.head for one in card.drawn] == [
        *("OD, Sensitivity (dB)", "OD, Total deviation (dB)", "OD, Pattern deviation (dB)"),
    ]
    assert (len(card.tables), len(card.tables[0].rows)) == (1, 54)
    assert ["15", "−3", "<0", *[absent()] * 4] in card.tables[0].rows


def test_thickness_is_drawn_where_its_sectors_have_a_place_and_never_compared(cards):
    card = cards["oct"]
    assert [one.head for one in card.drawn] == ["OD, RNFL (µm)", "OS, RNFL (µm)", "OD, Macula (µm)", "OS, Macula (µm)"]
    assert cells(card)["RNFL, average (µm)"] == ("88", "71")
    assert ["Macula, inner ring, nasal (µm)", "335", "322"] in card.tables[0].rows
    assert cells(card)["Ganglion cells, thinnest (µm)"] == (absent(), "61")
    assert "never compared" in card.remarks[0]


def test_a_picture_says_what_it_is_and_where_its_bytes_are(cards):
    assert cards["image"].title == "OCT, OD"
    assert ("File", "application/dicom, 48.2 MB") in cards["image"].facts
    assert cards["image"].viewed.sha256 == "a" * 64
    assert cards["document"].title == "IOL calculation, OU"


def test_vital_signs_are_of_no_eye_and_say_what_the_cuff_doubted(cards):
    shown = cells(cards["vital_signs"])
    assert (shown["Blood pressure (mmHg)"], shown["Pulse (per minute)"]) == (("138 / 86",), ("72",))
    assert cards["vital_signs"].remarks == ["The body moved while it was measured."]


def test_every_kind_of_the_vocabulary_has_a_card(cards):
    assert {type(one) for one in samples.readings().values()} == set(KINDS)
    assert set(KINDS) == set(get_args(Reading))


def test_an_air_pulse_stands_beside_what_was_seen_in_healthy_eyes(cards):
    card = cards["air_pulse"]
    assert [column.head for column in card.columns] == ["OD", "OS", "Healthy"]
    shown = cells(card)
    assert shown["A2 velocity (m/s)"] == ("−0.31", absent(), "−0.67 ± 0.17")
    assert shown["SSI"] == ("1.02", "0.98", "")
    assert shown["IOP (mmHg)"] == ("15.5", "16.0", "16.4")
    assert "not verified" in card.remarks[0]


def test_another_instrument_is_not_held_against_the_same_eyes(cards):
    assert [column.head for column in cards["biomechanics"].columns] == ["OD", "OS"]
    assert cards["biomechanics"].remarks == ()
