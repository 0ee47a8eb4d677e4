"""Keratometry and pachymetry: the curve of the cornea and its thickness."""

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, eye_columns, facts, lines, messages, series
from cloud.web.cards.shape import Card, Column
from protocols.readings import Keratometry, Pachymetry, PachymetryEye


def keratometry(reading: Keratometry) -> Card:
    """Flat and steep meridian, mean and corneal cylinder."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    return Card(
        kind="keratometry",
        title=_title(reading.ring),
        columns=columns,
        lines=[*lines([*_meridians(main=True), *_mean(), *_sizes()], eyes), *messages(eyes)],
        facts=facts([Row(_("Refractive index"), "index", "measured")], reading),
        series=series([*_meridians(main=False), *_mean(), _message()], columns, eyes),
    )


def _title(ring: str | None) -> str:
    if ring is None:
        return str(_("Keratometry"))
    return str(_("Keratometry, second ring") if ring == "second" else _("Keratometry, ring %(ring)s", ring=ring))


def pachymetry(reading: Pachymetry) -> Card:
    """Central corneal thickness."""
    eyes: tuple[PachymetryEye | None, ...] = (reading.right, reading.left)
    columns = eye_columns()
    if reading.unassigned is not None:
        eyes, columns = (reading.unassigned,), [Column(_("Eye?"), _("the instrument does not say which eye"))]
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
        Row(_("R1 flat (mm)"), "r1", "radius_at", always=True, main=main, when="r1.radius_mm"),
        Row(_("K1 flat (D)"), "r1", "power_at", main=main, when="r1.power_d"),
        Row(_("R2 steep (mm)"), "r2", "radius_at", always=True, main=main, when="r2.radius_mm"),
        Row(_("K2 steep (D)"), "r2", "power_at", main=main, when="r2.power_d"),
    ]


def _mean() -> list[Row]:
    return [
        Row(_("Mean radius (mm)"), "average.radius_mm", "radius"),
        Row(_("Mean K (D)"), "average.power_d", "power"),
        Row(_("Corneal cylinder (D)"), "cylinder", "cylinder_at", when="cylinder.power_d"),
    ]


def _sizes() -> list[Row]:
    return [
        Row(_("Corneal diameter (mm)"), "corneal_diameter_mm", "mm"),
        Row(_("Pupil (mm)"), "pupil_mm", "mm"),
    ]


def _message() -> Row:
    return Row(_("Message"), "error", "said")
