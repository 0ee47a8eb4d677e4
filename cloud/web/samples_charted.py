"""Invented trends for the components page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from flask_babel import gettext as _

from cloud.web.charts import Band, Chart, Mark, Point, Series, Target
from cloud.web.notation import dioptres

# Day, method, right, left.
PRESSURE = (
    ("2024-02-12", "NCT", 24, 21),
    ("2024-03-04", "GAT", 26, 22),
    ("2024-06-10", "GAT", 19, 17),
    ("2024-12-02", "GAT", 17, 16),
    ("2025-06-16", "GAT", 18, 15),
    ("2025-12-08", "NCT", 21, 19),
    ("2026-06-01", "GAT", 16, 15),
    ("2026-11-21", "GAT", 15, 14),
)
EQUIVALENT = {
    "R": (("2023-03-01", "-1.25"), ("2023-11-15", "-2.00"), ("2024-11-20", "-2.375"), ("2025-11-18", "-2.50")),
    "L": (("2023-03-01", "-0.75"), ("2023-11-15", "-1.25"), ("2024-11-20", "-1.75"), ("2025-11-18", "-1.875")),
}
SPARK = ((24, 26, 19, 17, None, 15), (21, 22, 17, 16, 15, 14))


def charted() -> dict[str, Chart]:
    """One with everything in it, one below zero, one with nothing."""
    return {
        "pressure": pressure(),
        "equivalent": equivalent(),
        "nothing": Chart(_("Axial length"), _("AL"), "mm"),
    }


def pressure() -> Chart:
    """Two methods, a treatment begun and one ended, another instrument, a target."""
    return Chart(
        title=_("Eye pressure"),
        axis=_("IOP"),
        unit="mmHg",
        series=[Series("R", list(_pressures("R"))), Series("L", list(_pressures("L")))],
        bands=[Band(Decimal(10), Decimal(21), _("Usual range"), _("chain's setting, version 1"))],
        marks=[
            Mark(_day("2024-03-04"), "treatment", "Latanoprost 0.005 %"),
            Mark(_day("2024-12-02"), "device", "Northlight NT-2"),
            Mark(_day("2025-06-16"), "treatment", "Timolol 0.5 %", until=_day("2026-06-01")),
        ],
        targets=[Target(Decimal(18), _("Target"))],
    )


def equivalent() -> Chart:
    """Minus values, in the notation of the trade."""
    return Chart(
        title=_("Spherical equivalent"),
        axis=_("SE"),
        unit="D",
        series=[Series("R", list(_equivalents("R"))), Series("L", list(_equivalents("L")))],
        marks=[Mark(_day("2023-12-01"), "treatment", _("Atropine 0.05 %"))],
    )


def _pressures(eye: str) -> Iterator[Point]:
    for day, method, right, left in PRESSURE:
        yield Point(_day(day), Decimal(right if eye == "R" else left), method=method, href="#content")


def _equivalents(eye: str) -> Iterator[Point]:
    for day, value in EQUIVALENT[eye]:
        yield Point(_day(day), Decimal(value), dioptres(value) or "", note=_("cycloplegic"))


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=2, tzinfo=UTC)
