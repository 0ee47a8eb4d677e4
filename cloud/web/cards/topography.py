"""Topography: the figures of a corneal map; indices keep their makers' own names."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from cloud.web import notation
from cloud.web.cards.parts import Row, eye_columns, facts, joined, lines, messages
from cloud.web.cards.shape import Card, Column, Line
from cloud.web.filters import shown
from protocols.readings import Topography, TopographyEye


def topography(reading: Topography) -> Card:
    """Curvature and shape, then thickness, then what the maker computes of them."""
    eyes: tuple[TopographyEye | None, ...] = (reading.right, reading.left)
    columns = eye_columns()
    if reading.unassigned is not None:
        eyes, columns = (reading.unassigned,), [Column(_("Eye?"), _("the instrument does not say which eye"))]
    return Card(
        kind="topography",
        title=joined(_("Corneal topography"), _surface(reading)),
        columns=columns,
        lines=[
            *lines(_shape(), eyes),
            *lines(_sizes(), eyes),
            *named(eyes, "indices"),
            *_quality(eyes),
            *messages(eyes),
        ],
        facts=facts([Row(_("Refractive index"), "index", "measured")], reading),
        remarks=[_("Indices have their maker's names and limits; those of different makers are not comparable.")]
        if any(eye is not None and eye.indices for eye in eyes)
        else (),
    )


def _surface(reading: Topography) -> str | None:
    return {
        "anterior": _("front surface"),
        "posterior": _("back surface"),
        "both": _("both surfaces"),
    }.get(reading.surface or "")


def _shape() -> list[Row]:
    return [
        Row(_("K1 (D)"), "k1", "power_at", main=True, when="k1.power_d"),
        Row(_("K1 radius (mm)"), "k1", "radius_at", when="k1.radius_mm"),
        Row(_("K2 (D)"), "k2", "power_at", main=True, when="k2.power_d"),
        Row(_("K2 radius (mm)"), "k2", "radius_at", when="k2.radius_mm"),
        Row(_("K max (D)"), "kmax_d", "power", main=True),
        Row(_("Eccentricity e"), "eccentricity", "measured"),
        Row(_("Asphericity Q"), "q_value", "measured"),
    ]


def _sizes() -> list[Row]:
    return [
        Row(_("CCT (µm)"), "cct_um", "measured"),
        Row(_("Thinnest (µm)"), "thinnest_um", "measured", main=True),
        Row(_("Anterior chamber depth (mm)"), "acd_mm", "measured"),
        Row(_("Pupil (mm)"), "pupil_mm", "mm"),
        Row(_("White to white (mm)"), "white_to_white_mm", "mm"),
    ]


def named(eyes: Sequence[Any], field: str) -> list[Line]:
    """Figures whose names the instrument chose, in the order in which it first gave them."""
    told = [getattr(eye, field, None) or {} for eye in eyes]
    names = dict.fromkeys(name for one in told for name in one)
    return [Line(name, [shown(notation.measured(one.get(name))) for one in told]) for name in names]


def _quality(eyes: Sequence[Any]) -> list[Line]:
    told = [eye.quality if eye is not None else None for eye in eyes]
    return [Line(_("Quality"), [shown(one) for one in told], words=True)] if any(told) else []
