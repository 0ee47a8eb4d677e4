"""b.9: does the finished lens match what was ordered? The limits are a table; the chain chooses whose."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cloud.optics.checks import Check, Verdict, plain, verdict
from cloud.optics.exact import HALF_TURN
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Found, data, note, notes, rule
from cloud.optics.transposition import minus_form

Band = Mapping[str, Any]
TABLE = "spectacle_tolerances"


def limit(bands: Sequence[Band], size: Decimal) -> Decimal:
    """The tolerance for something of this size: absolute, or a share of it in per cent."""
    band = next(one for one in bands if "to" not in one or size <= one["to"])
    return Decimal(band["within"]) if "within" in band else size * band["percent"] / 100


def compared(item: str, ordered: Decimal, found: Decimal, most: Decimal) -> Check:
    """Whether the difference stays within the limit."""
    gap = abs(found - ordered)
    return Check(item, f"± {plain(most)}", gap, gap <= most)


def _unmeasured(item: str) -> Check:
    return Check(item, "–", None, None)


def strongest(rx: Refraction) -> tuple[int, Decimal]:
    """Which meridian (0 along, 1 across the axis) has the highest absolute power, and that power."""
    along, across = rx.meridians
    return (0, along) if abs(along) >= abs(across) else (1, across)


@rule("b.9.lens", "1")
def lens(
    ordered: Refraction,
    measured: Refraction,
    design: str = "single",
    add_ordered: Decimal | None = None,
    add_measured: Decimal | None = None,
    edition: str | None = None,
) -> Found[Verdict]:
    """Strongest meridian, cylinder, axis and addition of a finished lens against its order."""
    limits, want, have = data(TABLE, edition), minus_form(ordered), minus_form(measured)
    found = verdict(
        [
            _meridian(limits, want, have, design),
            _cylinder(limits, want, have, design),
            _axis(limits, want, have),
            _add(limits, add_ordered, add_measured),
        ]
    )
    return Found(found, notes((not found.all_hold, note("fails"))))


def _meridian(limits: Band, want: Refraction, have: Refraction, design: str) -> Check:
    which, power = strongest(want)
    most = limit(limits["sphere"][design], abs(power))
    return compared("strongest_meridian", power, have.meridians[which], most)


def _cylinder(limits: Band, want: Refraction, have: Refraction, design: str) -> Check:
    return compared("cylinder", want.cylinder, have.cylinder, limit(limits["cylinder"][design], abs(want.cylinder)))


def _axis(limits: Band, want: Refraction, have: Refraction) -> Check:
    """An axis is compared only where both lenses have one; 179 and 1 lie two degrees apart."""
    if want.axis is None or have.axis is None:
        return _unmeasured("axis")
    gap = abs(want.axis - have.axis) % HALF_TURN
    most = limit(limits["axis"], abs(want.cylinder))
    return compared("axis", Decimal(0), min(gap, HALF_TURN - gap), most)


def _add(limits: Band, ordered: Decimal | None, measured: Decimal | None) -> Check:
    if ordered is None or measured is None:
        return _unmeasured("add_d")
    return compared("add_d", ordered, measured, limit(limits["add"], abs(ordered)))


@rule("b.9.prism_point", "1")
def prism_point(unwanted_prism: Decimal, off_mm: Decimal, edition: str | None = None) -> Found[Verdict]:
    """Unwanted prism at the prism reference point: within the prism limit or within the distance."""
    limits = data(TABLE, edition)["prism_point"]
    return Found(_either("unwanted_prism", unwanted_prism, "off_mm", off_mm, limits))


def _either(prism_item: str, prism: Decimal, mm_item: str, mm: Decimal, limits: Band) -> Verdict:
    """Two ways to pass; one is enough."""
    passes = prism <= limits["prism"] or mm <= limits["mm"]
    first = Check(prism_item, f"≤ {plain(limits['prism'])}", prism, prism <= limits["prism"])
    second = Check(mm_item, f"≤ {plain(limits['mm'])}", mm, mm <= limits["mm"])
    return Verdict((first, second), int(bool(first.holds)) + int(bool(second.holds)), 2, passes)


@rule("b.9.pair", "1")
def pair(
    power: Decimal,
    design: str = "single",
    vertical_prism: Decimal | None = None,
    vertical_mm: Decimal | None = None,
    horizontal_prism: Decimal | None = None,
    horizontal_mm: Decimal | None = None,
    edition: str | None = None,
) -> Found[Verdict]:
    """Imbalance of a pair: a limit in prism for weak lenses, in millimetres for strong ones."""
    limits, size = data(TABLE, edition), abs(power)
    upright = _by_power(limits["vertical_pair"][design], size, vertical_prism, vertical_mm, "vertical")
    across = _by_power(limits["horizontal_pair"][design], size, horizontal_prism, horizontal_mm, "horizontal")
    found = verdict([upright, across])
    return Found(found, notes((found.looked_at > 0 and not found.all_hold, note("fails"))))


def _by_power(limits: Band, size: Decimal, prism: Decimal | None, mm: Decimal | None, way: str) -> Check:
    weak = size <= limits["up_to"]
    found, most = (prism, limits["prism"]) if weak else (mm, limits["mm"])
    item = f"{way}_{'prism' if weak else 'mm'}"
    return Check(item, f"≤ {plain(most)}", found, None if found is None else abs(found) <= most)


@rule("b.9.fitting", "1")
def fitting(
    seg_height_off: Decimal | None = None,
    seg_pair_off: Decimal | None = None,
    seg_across_off: Decimal | None = None,
    seg_tilt: Decimal | None = None,
    base_curve_off: Decimal | None = None,
    thickness_off: Decimal | None = None,
    edition: str | None = None,
) -> Found[Verdict]:
    """Differences of segment, base curve and thickness from the order."""
    limits = data(TABLE, edition)["fitting"]
    given = {
        "seg_height_off": seg_height_off,
        "seg_pair_off": seg_pair_off,
        "seg_across_off": seg_across_off,
        "seg_tilt": seg_tilt,
        "base_curve_off": base_curve_off,
        "thickness_off": thickness_off,
    }
    found = verdict(_fits(item, limits[item], off) for item, off in given.items())
    return Found(found, notes((found.looked_at > 0 and not found.all_hold, note("fails"))))


def _fits(item: str, most: Decimal, off: Decimal | None) -> Check:
    return _unmeasured(item) if off is None else compared(item, Decimal(0), off, most)
