"""Series over time: what is plotted, what is left out, and what stands beside it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cloud.clinic import places, treatments, trends, values
from cloud.clinic.choices import NO_VALUE, Origin, Quality
from cloud.clinic.sheet import Item, Sheet
from cloud.clinic.trends import Visit
from tests.cloud.web.shop import make_app

FIRST = datetime(2020, 1, 10, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def page():
    with make_app().test_request_context("/"):
        yield


def item(place, entered, quality=Quality.OK, **about):
    value = None if quality in NO_VALUE else values.read(place.spec, entered)
    plain = Item(entered, value, None, quality, Origin.MANUAL, None, None, None, True, FIRST, 1)
    return replace(plain, **about)


def visit(number, **entered):
    """A visit in year ``number``; ``manifest__sphere__R="-1"``, an item in place of a text is taken as it is."""
    sheet = Sheet()
    for name, text in entered.items():
        element, field, side = name.split("__")
        place = places.read(f"{element}.1.{field}.{side}")
        sheet[place] = text if isinstance(text, Item) else item(place, text)
    return Visit(number, FIRST + timedelta(days=365 * number), sheet)


def told(series):
    return [(one.eye, one.name, point.method, point.text, point.value) for one in series for point in one.points]


def href(number):
    return f"/examinations/{number}"


def test_a_spherical_equivalent_is_sphere_and_half_the_cylinder_by_method():
    one = visit(1, manifest__sphere__R="-2.00", manifest__cylinder__R="-0.75", manifest__axis__R="180")
    two = visit(2, cycloplegic__sphere__R="-1.50", cycloplegic__cylinder__R="ds", cycloplegic__sphere__L="-1.00")
    found = trends.equivalents([one, two], href, "en")

    assert told(found) == [
        ("R", "", "subjective", "−2.375", Decimal("-2.375")),
        ("R", "", "cycloplegic", "−1.50", Decimal("-1.50")),
        ("L", "", "cycloplegic", "−1.00", Decimal("-1.00")),
    ]
    assert [(point.note, point.href) for one in found for point in one.points] == [
        ("", "/examinations/1"),
        ("", "/examinations/2"),
        ("no cylinder recorded", "/examinations/2"),
    ]


def test_pressures_keep_their_method_and_what_was_not_measured_is_no_point():
    place = places.read("iop.1.iop.L")
    one = visit(1, iop__iop__R="18", iop__iop__L=item(place, "", Quality.REFUSED), iop__method__N="goldmann")
    found = trends.measured([one], "iop", "iop", href, "en")
    assert told(found) == [("R", "", "Goldmann applanation", "18", Decimal(18))]


def test_a_doubtful_value_says_so():
    place = places.read("iop.1.iop.R")
    found = trends.measured([visit(1, iop__iop__R=item(place, "30", Quality.UNRELIABLE))], "iop", "iop", href, "en")
    assert [point.note for one in found for point in one.points] == ["unreliable"]


def test_acuity_is_plotted_in_logmar_and_read_as_entered_and_vision_below_the_chart_is_left_out():
    seen = {"visual_acuity__distance_best__R": "6/12", "visual_acuity__distance_best__L": "HM"}
    found = trends.acuities([visit(1, **seen, visual_acuity__distance_unaided__L="4.5")], href)

    assert [(eye, name, text, round(value, 2)) for eye, name, _method, text, value in told(found)] == [
        ("R", "best corrected", "6/12", Decimal("0.30")),
        ("L", "unaided", "4.5", Decimal("0.50")),
    ]
    assert "20/40" in found[0].points[0].note


def test_mean_corneal_power_is_that_of_the_rule():
    radii = visit(1, keratometry__r1_radius__R="7.80", keratometry__r2_radius__R="7.50")
    powers = visit(2, keratometry__r1_power__L="43.00", keratometry__r2_power__L="44.00")
    lone = visit(3, keratometry__r1_radius__R="7.80")
    expected = (Decimal("337.5") / Decimal("7.80") + 45) / 2

    found = trends.curvatures([radii, powers, lone], href)
    assert [round(point.value, 6) for one in found for point in one.points] == [round(expected, 6), Decimal("43.5")]
    assert [point.text for one in found for point in one.points] == ["44.13", "43.50"]


def test_the_newest_target_holds_and_one_of_both_eyes_is_one_line():
    old, new = visit(1, target_iop__target__R="21"), visit(2, target_iop__target__R="18", target_iop__target__L="18")
    assert [(one.value, one.eye) for one in trends.targets([old])] == [(21, "R")]
    assert [(one.value, one.eye) for one in trends.targets([old, new])] == [(18, None)]


def test_a_copy_that_nobody_confirmed_counts_nowhere():
    place = places.read("manifest.1.sphere.R")
    copied = item(place, "-1.00", origin=Origin.COPIED, confirmed=False)
    assert trends._held(Sheet({place: copied})) == {}
    assert trends._held(Sheet({place: replace(copied, confirmed=True)})) != {}


def marks(found):
    return [(one.words, one.kind, one.at.year, one.until and one.until.year) for one in found]


def test_a_treatment_runs_from_its_first_mention_to_the_visit_that_no_longer_names_it():
    told_ = ["atropine", "atropine,orthok", "orthok", "none"]
    among = [visit(number, myopia_care__treatment__N=text) for number, text in enumerate(told_)]
    assert marks(treatments.marks(among, "en")) == [
        ("Low-dose atropine", "treatment", 2020, 2022),
        ("Ortho-K", "treatment", 2021, 2023),
    ]
    assert marks(treatments.marks(among[:2], "zh")) == [
        ("低浓度阿托品", "treatment", 2020, None),
        ("角膜塑形镜", "treatment", 2021, None),
    ]


def test_a_treatment_begins_on_the_day_it_is_said_to():
    one = visit(2, myopia_care__treatment__N="atropine", myopia_care__since__N="2019-06")
    assert marks(treatments.marks([one], "en")) == [("Low-dose atropine", "treatment", 2019, None)]


def test_medicines_for_the_eye_and_orders_are_marks_other_medicines_are_not():
    drops = {"medications__drug__N": "Latanoprost", "medications__eye__N": "B", "medications__stopped__N": "2023"}
    pill = {"medications__drug__N": "Metformin", "medications__eye__N": "none"}
    among = [
        visit(1, **drops),
        visit(2, **pill),
        visit(3, orders__what__N="glasses"),
        visit(4, orders__what__N="oct_disc"),
    ]
    assert marks(treatments.marks(among, "en")) == [
        ("Latanoprost", "treatment", 2021, 2023),
        ("Glasses", "event", 2023, None),
    ]


def test_another_instrument_is_marked_where_it_measured_first():
    among = [visit(number, biometry__instrument__N=name) for number, name in enumerate(("A", "A", "B", "B"))]
    found = treatments.changed_instruments(trends.heard_from(among, "biometry", {}))
    assert marks(found) == [("B", "device", 2022, None)]
