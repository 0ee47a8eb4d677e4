import pytest
from flask import g

from cloud.web import Frame, Notation, samples
from cloud.web.cards import card_of
from cloud.web.filters import absent


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
    assert cells(cards["keratometry"])["R2 steep (mm)"] == ("7.68", "7.73")


def test_a_lens_keeps_its_finer_step_and_an_unproven_prism_its_sign(cards):
    assert cells(cards["lensmetry"])["Sphere (D)"][0] == "−2.125"
    assert cells(cards["lensmetry"])["Prism, horizontal (Δ)"] == ("1.50 base in", "−0.50")


def test_one_unmarked_lens_stands_alone(cards):
    assert [column.head for column in cards["single_lens"].columns] == ["Lens"]
    assert cells(cards["single_lens"])["Axis"] == ("180",)


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
