"""Keratometry and pachymetry: the curve of the cornea and its thickness."""

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, eye_columns, facts, lines, messages, series
from cloud.web.cards.shape import Card
from protocols.readings import Keratometry, Pachymetry


def keratometry(reading: Keratometry) -> Card:
    """Flat and steep meridian, mean and corneal cylinder."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    return Card(
        kind="keratometry",
        title=_title(reading.ring),
        columns=columns,
        lines=[*lines([*_meridians(main=True), *_mean(), *_sizes()], eyes), *messages(eyes)],
        facts=facts([Row(_("Refractive index"), "index", "measured")], reading),
        series=series([*_meridians(main=False), Row(_("Message"), "error", "said")], columns, eyes),
    )


def _title(ring: str | None) -> str:
    if ring is None:
        return str(_("Keratometry"))
    return str(_("Keratometry, second ring") if ring == "second" else _("Keratometry, ring %(ring)s", ring=ring))


def pachymetry(reading: Pachymetry) -> Card:
    """Central corneal thickness."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    thickness = Row(_("CCT (µm)"), "cct_um", "measured", always=True, main=True)
    return Card(
        kind="pachymetry",
        title=_("Corneal thickness"),
        columns=columns,
        lines=[*lines([thickness], eyes), *messages(eyes)],
        series=series([thickness, Row(_("Doubtful"), "doubtful", "yes"), _message()], columns, eyes),
    )


def _meridians(*, main: bool) -> list[Row]:
    return [
        Row(_("R1 flat (mm)"), "r1.radius_mm", "radius", always=True, main=main),
        Row(_("R1 (D)"), "r1.power_d", "power", main=main),
        Row(_("R1 axis"), "r1.axis", "axis", main=main),
        Row(_("R2 steep (mm)"), "r2.radius_mm", "radius", always=True, main=main),
        Row(_("R2 (D)"), "r2.power_d", "power", main=main),
        Row(_("R2 axis"), "r2.axis", "axis", main=main),
    ]


def _mean() -> list[Row]:
    return [
        Row(_("Mean (mm)"), "average.radius_mm", "radius"),
        Row(_("Mean (D)"), "average.power_d", "power"),
        Row(_("Corneal cylinder (D)"), "cylinder.power_d", "dioptres"),
        Row(_("Corneal cylinder axis"), "cylinder.axis", "axis"),
    ]


def _sizes() -> list[Row]:
    return [
        Row(_("Corneal diameter (mm)"), "corneal_diameter_mm", "mm"),
        Row(_("Pupil (mm)"), "pupil_mm", "mm"),
    ]


def _message() -> Row:
    return Row(_("Message"), "error", "said")
