"""Biometry: the lengths of an eye, each with how its maker defines it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, eye_columns, facts, lines, messages, series
from cloud.web.cards.shape import Card, Line
from cloud.web.filters import absent
from protocols.readings import Biometry


def biometry(reading: Biometry) -> Card:
    """Axial length first, then cornea, chamber, lens; where the chamber begins stands under its depth."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    return Card(
        kind="biometry",
        title=_method(reading),
        columns=columns,
        lines=[*lines(_lengths(), eyes), *_beginnings(eyes), *lines(_lens(), eyes), *_words(eyes), *messages(eyes)],
        facts=facts([Row(_("Instrument"), "instrument.model", "said")], reading),
        series=series(_shots(), columns, eyes),
        remarks=[_("Depths counted from the epithelium and from the endothelium differ by the cornea's thickness.")]
        if len(_definitions(eyes)) > 1
        else (),
    )


def _method(reading: Biometry) -> str:
    words = {"optical": _("Biometry, optical"), "ultrasound": _("Biometry, ultrasound")}
    return str(words.get(reading.method or "", _("Biometry")))


def _lengths() -> list[Row]:
    return [
        Row(_("Axial length (mm)"), "axial_length_mm", "measured", always=True, main=True),
        Row(_("Signal to noise"), "snr", "measured"),
        Row(_("Standard deviation (mm)"), "standard_deviation_mm", "measured"),
        Row(_("K1 (D)"), "k1", "power_at", main=True, when="k1.power_d"),
        Row(_("K1 radius (mm)"), "k1", "radius_at", when="k1.radius_mm"),
        Row(_("K2 (D)"), "k2", "power_at", main=True, when="k2.power_d"),
        Row(_("K2 radius (mm)"), "k2", "radius_at", when="k2.radius_mm"),
        Row(_("Keratometric index"), "k_index", "measured"),
        Row(_("Anterior chamber depth (mm)"), "acd_mm", "measured", main=True),
    ]


def _lens() -> list[Row]:
    return [
        Row(_("Lens thickness (mm)"), "lens_thickness_mm", "measured", main=True),
        Row(_("Vitreous (mm)"), "vitreous_mm", "measured"),
        Row(_("CCT (µm)"), "cct_um", "measured"),
        Row(_("White to white (mm)"), "white_to_white_mm", "mm"),
        Row(_("Pupil (mm)"), "pupil_mm", "mm"),
    ]


def _shots() -> list[Row]:
    return [
        Row(_("Axial length (mm)"), "axial_length_mm", "measured", always=True, main=True),
        Row(_("Signal to noise"), "snr", "measured"),
        Row(_("Doubtful"), "doubtful", "yes"),
    ]


def _definitions(eyes: Sequence[Any]) -> set[str]:
    return {eye.acd_from for eye in eyes if eye is not None and eye.acd_from}


def _beginnings(eyes: Sequence[Any]) -> list[Line]:
    """From where the chamber was measured; a depth whose beginning nobody told says so."""
    if not any(eye is not None and eye.acd_mm is not None for eye in eyes):
        return []
    words = {"epithelium": _("epithelium"), "endothelium": _("endothelium"), "": _("not said")}
    told = [words[eye.acd_from or ""] if eye is not None and eye.acd_mm is not None else absent() for eye in eyes]
    return [Line(_("… measured from"), told, words=True)]


def _words(eyes: Sequence[Any]) -> list[Line]:
    named = ((_("Lens"), "lens_status"), (_("Vitreous body"), "vitreous_status"))
    found = [(label, [getattr(eye, name, None) for eye in eyes]) for label, name in named]
    return [
        Line(label, [_status(one) if one else absent() for one in said], words=True)
        for label, said in found
        if any(said)
    ]


def _status(said: str) -> str:
    words = {
        "phakic": _("own lens"),
        "aphakic": _("no lens"),
        "pseudophakic": _("artificial lens"),
        "pseudophakic, silicone": _("artificial lens, silicone"),
        "pseudophakic, PMMA": _("artificial lens, PMMA"),
        "phakic IOL": _("own lens and artificial lens"),
        "piggyback IOL": _("two artificial lenses"),
        "vitreous": _("own vitreous"),
        "post-vitrectomy": _("vitreous removed"),
        "silicone oil": _("silicone oil"),
        "gas": _("gas"),
    }
    return str(words.get(said, said))
