"""What is typed into the forms of planning, read."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from cloud.planning.forms import hours
from cloud.planning.forms.entered import Entered, clock, written


@pytest.fixture(autouse=True, scope="module")
def spoken():
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        yield


def windows(said):
    form = Entered(MultiDict({"day0": said}))
    return form.windows("day0"), bool(form.errors)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("", []),
        ("9-13", [(540, 780)]),
        ("09:00–13:00, 14:00–18:00", [(540, 780), (840, 1080)]),
        ("14:00-18:00，9:00至13:00", [(540, 780), (840, 1080)]),
        ("9.30 - 12.05; 12.05 - 24:00", [(570, 725), (725, 1440)]),
        ("0-24", [(0, 1440)]),
    ],
)
def test_hours_are_read_as_people_write_them(said, read):
    assert windows(said) == (read, False)


@pytest.mark.parametrize(
    "said", ["9", "13-9", "9-9", "25-26", "9:61-10", "9-10, 9:30-11", "9:01-10", "nine to five", "24:05-25"]
)
def test_what_are_no_hours_is_said(said):
    assert windows(said)[1] is True


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(st.tuples(st.integers(0, 287), st.integers(1, 24)), max_size=4))
def test_what_is_written_is_read_the_same(drawn):
    found, last = [], 0
    for gap, length in drawn:
        start, end = last + gap * 5 % 200, last + gap * 5 % 200 + length * 5
        if end > 1440:
            break
        found.append((start, end))
        last = end
    assert windows(written(found)) == (found, False)
    assert all(len(clock(minute)) == 5 for one in found for minute in one)


@pytest.mark.parametrize(
    ("read", "said", "wrong"),
    [
        (lambda it: it.number("f", 0, 10), "11", True),
        (lambda it: it.number("f", 0, 10), "٣", True),
        (lambda it: it.number("f", 0, 10), "9" * 5000, True),
        (lambda it: it.number("f", 0, 60, step=5), "7", True),
        (lambda it: it.number("f", 0, 10), "", False),
        (lambda it: it.needed("f", 1, 10), "", True),
        (lambda it: it.decimal("f", 10, 2), "1,25", False),
        (lambda it: it.decimal("f", 10, 2), "1.255", True),
        (lambda it: it.decimal("f", 10, 2), "NaN", True),
        (lambda it: it.decimal("f", 10, 2), "-1", True),
        (lambda it: it.decimal("f", 10, 2), "1e9999", True),
        (lambda it: it.day("f"), "2026-02-30", True),
        (lambda it: it.day("f"), "0001-01-01", True),
        (lambda it: it.minute("f"), "9", False),
        (lambda it: it.minute("f"), "24:01", True),
        (lambda it: it.text("f", 3), "abcd", True),
        (lambda it: it.text("f", 30), "a\u202eb", True),
        (lambda it: it.one_of("f", ("a",)), "b", True),
        (lambda it: it.ids("f", [1]), "2", True),
    ],
)
def test_every_field_says_what_does_not_fit(read, said, wrong):
    form = Entered(MultiDict({"f": said}))
    read(form)
    assert ("f" in form.errors) is wrong


@pytest.mark.parametrize(
    ("on", "start", "end", "minutes"),
    [
        ("2027-03-28", "", "", 23 * 60),  # Lisbon: 01:00 to 02:00 is skipped
        ("2027-10-31", "", "", 25 * 60),  # 01:00 to 02:00 comes twice
        ("2027-03-28", "01:30", "02:30", 30),
        ("2027-10-31", "01:00", "02:00", 120),
        ("2027-10-30", "0:00", "24:00", 24 * 60),
    ],
)
def test_a_block_off_is_as_long_as_the_clock_makes_it(on, start, end, minutes):
    told = {"from_day": on, "to_day": on, "from_time": start, "to_time": end, "why": "paint"}
    form = Entered(MultiDict(told))
    first, last, why = hours.block(form, date(2027, 1, 1), "Europe/Lisbon")
    assert (form.errors, (last - first) // timedelta(minutes=1), why) == ({}, minutes, "paint")
