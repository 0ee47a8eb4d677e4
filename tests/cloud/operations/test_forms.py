"""What people type: read, or refused beside the field."""

from datetime import date
from decimal import Decimal

import pytest

from cloud.operations.choices import Kind
from cloud.operations.forms import PlaceForm, RulesForm, ServiceForm
from cloud.operations.limits import Quiet
from cloud.operations.tables import rules

TODAY = date(2026, 11, 22)
TYPED = {
    "kind": "calibrated",
    "done_on": "2026-11-02",
    "done_by": "Optikos",
    "next_due": "2027-11-02",
    "certificate": "C-7",
}


@pytest.fixture(autouse=True)
def words(app):
    with app.test_request_context():
        yield


def test_a_whole_entry_is_read():
    form = ServiceForm.read(TYPED, TODAY)
    assert form.errors == {}
    assert form.done is not None
    assert (form.done.kind, form.done.done_on, form.done.next_due) == (
        Kind.CALIBRATED,
        date(2026, 11, 2),
        date(2027, 11, 2),
    )


WRONG = [
    ({"kind": "blessed"}, "kind"),
    ({"done_by": " \0 "}, "done_by"),
    ({"done_on": ""}, "done_on"),
    ({"done_on": "2026-11-23"}, "done_on"),
    ({"done_on": "1899-01-01"}, "done_on"),
    ({"done_on": "yesterday"}, "done_on"),
    ({"next_due": "2026-11-02"}, "next_due"),
    ({"next_due": "soon"}, "next_due"),
]


@pytest.mark.parametrize(("typed", "where"), WRONG)
def test_what_cannot_be_is_refused_beside_its_field(typed, where):
    form = ServiceForm.read(TYPED | typed, TODAY)
    assert list(form.errors) == [where]
    assert form.done is None


@pytest.mark.parametrize(
    ("north", "east", "degrees"),
    [
        ("38.7223", "-9.13934", ("38.72230", "-9.13934")),
        ("−33,8688", "151.2093°", ("-33.86880", "151.20930")),
        ("0", "0", ("0.00000", "0.00000")),
    ],
)
def test_degrees_are_read_as_people_write_them(north, east, degrees):
    form = PlaceForm.read({"latitude": north, "longitude": east})
    assert form.errors == {}
    assert form.degrees == tuple(Decimal(one) for one in degrees)


@pytest.mark.parametrize(
    ("north", "east", "where"),
    [
        ("91", "0", "latitude"),
        ("0", "181", "longitude"),
        ("NaN", "0", "latitude"),
        ("here", "0", "latitude"),
        ("1", "", "longitude"),
    ],
)
def test_what_is_no_place_is_refused(north, east, where):
    form = PlaceForm.read({"latitude": north, "longitude": east})
    assert list(form.errors) == [where]
    assert form.degrees is None


def test_an_address_alone_is_enough():
    form = PlaceForm.read({"address": "Pier 1"})
    assert (form.errors, form.degrees, form.address) == ({}, None, "Pier 1")


def held() -> dict[str, str]:
    said = {f"{name}-active": "yes" for name in rules()}
    return said | {f"{name}-amount": str(rule.amount) for name, rule in rules().items() if rule.amount}


def test_the_rules_are_read_with_their_quiet_hours():
    quiet = {"quiet": "yes", "begins": "20:00", "until": "08:30", "zone": "Asia/Shanghai"}
    form = RulesForm.typed_in(held() | quiet)
    assert form.errors == {}
    assert form.quiet == Quiet(1200, 510, "Asia/Shanghai")
    assert form.limits["offline"] == (True, 15)


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"offline-amount": "0"}, "offline"),
        ({"offline-amount": "often"}, "offline"),
        ({"disk-amount": "99999999999999"}, "disk"),
        ({"quiet": "yes", "begins": "25:00", "until": "08:00", "zone": "UTC"}, "quiet"),
        ({"quiet": "yes", "begins": "20:00", "until": "08:00", "zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_limits_out_of_bounds_are_refused(typed, where):
    assert list(RulesForm.typed_in(held() | typed).errors) == [where]
