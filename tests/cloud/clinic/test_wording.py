"""A value in the trade's words, and where it came from."""

from datetime import UTC, datetime, timedelta

import pytest

from cloud.clinic import places, values, wording
from cloud.clinic.choices import Origin, Quality
from cloud.clinic.sheet import Item
from cloud.web.notation import Notation
from tests.cloud.web.shop import make_app

HOUSE, NUMBERS = Notation(), Notation(plano=False, ds=False, base="letter")
BEGAN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def page():
    """A request in the shop of the web tests, whose clock is Shanghai's."""
    with make_app().test_request_context("/"):
        yield


def item(written, entered, quality=Quality.OK, **about):
    place = places.read(written)
    value = None if quality.value in ("unable", "refused", "not_attempted") else values.read(place.spec, entered)
    known = {
        **{"origin": Origin.MANUAL, "source": None, "device_value": None, "measured_at": None, "confirmed": True},
        **{"changed_at": BEGAN + timedelta(minutes=5), "changed_by": 7},
    }
    return place, Item(entered, value, None, quality, **(known | about))


def said(written, entered, notation=HOUSE, language="en", **about):
    return wording.shown(*item(written, entered, **about), notation, language)


VALUES = [
    *(("manifest.1.sphere.R", "-175", "−1.75"), ("manifest.1.sphere.L", "+2.5", "+2.50")),
    *(("manifest.1.sphere.R", "pl", "plano"), ("manifest.1.cylinder.R", "ds", "DS")),
    *(("manifest.1.axis.R", "5", "005"), ("manifest.1.axis.R", "0", "180"), ("manifest.1.add.R", "1.75", "+1.75")),
    *(
        ("manifest.1.prism.R", "2 BI 1 BU", "2.00 base in, 1.00 base up"),
        ("manifest.1.prism.R", "3 @ 37", "3.00 @ 037"),
    ),
    *(("visual_acuity.1.distance_best.R", "6/9 -2", "6/9 -2"), ("visual_acuity.1.distance_best.L", "4.9", "4.9")),
    *(("pd.1.far.N", "63.5", "63.5"), ("aca.1.phoria_before.N", "4", "+4"), ("aca.1.phoria_before.N", "-4", "−4")),
    *(("aca.1.method.N", "minus_1", "−1.00 D at near"), ("autorefraction.1.cycloplegic.N", "unknown", "not known")),
    ("autorefraction.1.note.N", " left eye first ", "left eye first"),
]


@pytest.mark.parametrize(("place", "entered", "shown"), VALUES)
def test_a_value_is_written_as_the_trade_writes_it(page, place, entered, shown):
    assert said(place, entered) == shown


def test_the_chain_decides_about_plano_and_bases(page):
    found = [
        said(place, entered, NUMBERS)
        for place, entered in (
            *(("manifest.1.sphere.R", "pl"), ("manifest.1.cylinder.R", "ds")),
            ("manifest.1.prism.R", "2 BI 1 BU"),
        )
    ]
    assert found == ["0.00", "0.00", "2.00 BI, 1.00 BU"]


def test_choices_are_in_the_readers_language(page):
    assert said("circumstances.1.needs.N", "hearing,sight") == "Hearing, Low vision"
    assert said("circumstances.1.needs.N", "hearing,sight", language="zh") == "听力、低视力"


def test_a_missing_value_says_why_and_a_doubtful_one_how_far(page):
    assert said("manifest.1.sphere.R", "", quality=Quality.REFUSED) == "refused"
    assert said("manifest.1.sphere.R", "would not fixate", quality=Quality.UNABLE) == "unable: would not fixate"
    assert said("manifest.1.sphere.R", "-1.00", quality=Quality.UNRELIABLE) == "−1.00 (unreliable)"


def test_what_cannot_be_read_stays_as_typed(page):
    place, kept = item("manifest.1.sphere.R", "-1.00")
    unread = Item("minus two", None, "Enter a number.", kept.quality, *list(_fields(kept))[4:])
    assert wording.shown(place, unread, HOUSE, "en") == "minus two"


def _fields(one):
    return (getattr(one, name) for name in one.__dataclass_fields__)


def test_an_acuity_is_told_in_the_other_notations_too(page):
    assert wording.also(*item("visual_acuity.1.distance_best.R", "6/6")) == "5.0 = 1.0 = logMAR 0.00 = 20/20 = 85"
    assert wording.also(*item("visual_acuity.1.distance_best.R", "HM")) == ""
    assert wording.also(*item("manifest.1.sphere.R", "-1.00")) == ""


def test_a_column_stands_on_its_decimal_point(page):
    place, whole = item("pd.1.far.N", "63")
    assert wording.aligned(place, whole, HOUSE, "en") == '63<span class="pad" aria-hidden="true">.0</span>'
    assert wording.aligned(*item("pd.1.far.N", "63.5"), HOUSE, "en") == "63.5"


SOURCES = wording.Sources({7: "Dr Alice"}, {"r-1": "Northlight AR-3"}, {"12": datetime(2025, 3, 9, 8, 0, tzinfo=UTC)})


def mark(**about):
    found = wording.provenance(*item("manifest.1.sphere.R", "-2.00", **about), SOURCES, HOUSE, "en", BEGAN)
    return found.kind, found.words, found.late


def test_a_value_says_where_it_came_from(page):
    at = {"measured_at": BEGAN}
    device = {"origin": Origin.DEVICE, "source": "r-1", **at}
    assert mark() == ("typed", "Typed by Dr Alice", False)
    assert mark(**device) == ("instrument", "From Northlight AR-3, 20 Nov 2026 17:00", False)
    edited = ("edited", "Changed by Dr Alice; Northlight AR-3, 20 Nov 2026 17:00 said −1.75", False)
    assert mark(source="r-1", device_value="-1.75", **at) == edited
    assert mark(origin=Origin.PATIENT) == ("patient", "Told by the patient", False)


def test_a_copy_says_of_when_and_whether_it_was_confirmed(page):
    copied = {"origin": Origin.COPIED, "source": "12", "measured_at": BEGAN}
    assert mark(**copied, confirmed=False) == ("copied", "Copied from 9 Mar 2025, not confirmed", False)
    assert mark(**copied) == ("confirmed", "Copied from 9 Mar 2025, confirmed by Dr Alice", False)


def test_more_than_a_day_later_is_late(page):
    assert mark(changed_at=BEGAN + timedelta(hours=24))[2] is False
    kind, words, late = mark(changed_at=BEGAN + timedelta(hours=24, seconds=1))
    assert (kind, late) == ("typed", True)
    assert words.startswith("Typed by Dr Alice. Written down more than a day after it was measured")


def test_an_unknown_diagnosis_is_shown_by_its_code(page):
    assert wording.diagnosis("icd10:X99", "en") == "X99"
