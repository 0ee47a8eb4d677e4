"""What needs no database: numbers, colours, days, stamps, what was said so far."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.direct import colours, showing, stamps, tables, told
from cloud.direct.dialling import international
from cloud.direct.errors import NotOurs, TooFast
from cloud.direct.told import Guardian, Newcomer, Told, Wish
from cloud.kernel.clock import now


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("+44 (0)7700 900123", "GB", "+447700900123"),
        ("0044 7700 900123", "PT", "+447700900123"),
        ("912 345 678", "PT", "+351912345678"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("021 6213 0000", "CN", "+862162130000"),
        ("(415) 555-0132", "US", "+14155550132"),
        ("1 415 555 0132", "US", "+14155550132"),
        ("06 12345678", "NL", "+31612345678"),
        ("12345", "GB", None),
        ("912345678", "XX", None),
        ("", "GB", None),
    ],
)
def test_a_number_is_written_as_the_whole_world_dials_it(written, country, number):
    assert international(written, country) == number


@given(st.text(max_size=40), st.sampled_from(["GB", "PT", "CN", "US", "XX"]))
def test_whatever_is_typed_is_a_number_or_none_and_a_number_stays_itself(written, country):
    number = international(written, country)
    if number is not None:
        assert number[0] == "+"
        assert number[1:].isdecimal()
        assert international(number, country) == number


COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS, st.sampled_from([colours.LIGHT, colours.DARK]))
def test_every_colour_becomes_one_that_can_be_read(colour, sheet):
    fit = colours.readable(colour, sheet)
    assert colours.contrast(fit, sheet) >= colours.LEAST
    assert colours.contrast(colours.ink(fit), fit) >= 4.5


def test_contrast_is_that_of_the_guideline():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.readable("#1a646d", colours.LIGHT) == "#1a646d"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_month_shows_each_of_its_days_once_under_its_weekday(first):
    first = first.replace(day=1)
    shown = showing.month(first, first, {first: [now()]}, first)
    days = [(column, cell.on) for week in shown.weeks for column, cell in enumerate(week) if cell]
    assert [on for _column, on in days] == [
        first + timedelta(days=n) for n in range((showing.last_of(first) - first).days + 1)
    ]
    assert all(on.weekday() == column for column, on in days)
    assert {len(week) for week in shown.weeks} == {7}
    assert (shown.before, shown.after.day) == (None, 1)


def test_an_hour_that_comes_twice_is_told_apart():
    twice = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
    [part] = showing.parts(twice, "Europe/Lisbon")
    assert [(one.label, one.offset) for one in part.times] == [("01:30", "+0100"), ("01:30", "+0000")]


def test_a_day_falls_into_parts():
    at = [datetime(2026, 12, 1, hour, tzinfo=UTC) for hour in (9, 11, 12, 16, 17, 19)]
    told_ = [(part.name, len(part.times)) for part in showing.parts(at, "UTC")]
    assert told_ == [("morning", 2), ("afternoon", 2), ("evening", 2)]


@pytest.mark.parametrize("stamp", ["", ".", "1.2", "zz.yy", "-1.aa", "1" * 400 + ".a"])
def test_a_stamp_of_nobody_is_worth_nothing(stamp):
    with pytest.raises(NotOurs):
        stamps.check("key", "me", stamp)


def test_a_stamp_is_for_one_browser_for_some_hours_and_not_at_once(monkeypatch):
    monkeypatch.setitem(tables.read("limits")["form"], "least_seconds", 1.0)
    stamp = stamps.make("key", "me", now() - timedelta(seconds=5))
    stamps.check("key", "me", stamp, patient=True)
    refused = []
    for key, whose, told_ in (("key", "you", stamp), ("other", "me", stamp)):
        with pytest.raises(NotOurs):
            stamps.check(key, whose, told_)
        refused.append(whose)
    with pytest.raises(TooFast):
        stamps.check("key", "me", stamps.make("key", "me"), patient=True)
    with pytest.raises(NotOurs):
        stamps.check("key", "me", stamps.make("key", "me", now() - timedelta(hours=13)))
    assert refused == ["you", "me"]


def test_what_was_said_comes_back_as_it_was():
    guardian = Guardian(family="Byron", given="Anne")
    child = Newcomer("Byron", "Ada", date(2018, 1, 1), guardian=guardian, reminders=True)
    said = Told(people=["p1", "n0"], newcomers=[child], types={"n0": 3}, wish=Wish(5, "zh", "together"), at=now())
    assert told.read(told.plain(said)) == said
    assert told.read({}) == Told()


def test_red_flags_are_asked_in_every_language_under_a_version():
    version, questions = tables.red_flags()
    assert version == "1"
    assert [one.code for one in questions] == ["loss", "pain", "flashes", "injury", "double"]
    assert all({"en", "zh"} <= set(one.words) for one in questions)
