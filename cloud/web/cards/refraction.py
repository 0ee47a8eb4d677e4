"""Autorefraction and lensmetry: sphere, cylinder, axis and what comes with them."""

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, eye_columns, facts, lines, messages, series
from cloud.web.cards.shape import Card, Column
from protocols.readings import Autorefraction, Lensmetry


def autorefraction(reading: Autorefraction) -> Card:
    """The representative value on top, single measurements below."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    rows = [*_power(), *_beside()]
    return Card(
        kind="autorefraction",
        title=_title(reading),
        columns=columns,
        lines=[*lines(rows, eyes), *messages(eyes)],
        facts=facts([*_pd(), Row(_("Vertex distance (mm)"), "vertex_mm", "mm"), *_settings()], reading),
        series=series([*_power(), Row(_("Confidence"), "confidence", "measured"), _message()], columns, eyes),
    )


def lensmetry(reading: Lensmetry) -> Card:
    """Both lenses, or the one unmarked lens."""
    lone = reading.single is not None and reading.right is None and reading.left is None
    eyes = [reading.single] if lone else [reading.right, reading.left]
    return Card(
        kind="lensmetry",
        title=_("Lens power"),
        columns=[Column(_("Lens"), _("one lens, side not marked"))] if lone else eye_columns(),
        lines=[*lines([*_power(), *_lens()], eyes), *messages(eyes)],
        facts=facts([Row(_("Lens type"), "lens_type", "measured"), *_pd()], reading),
    )


def _title(reading: Autorefraction) -> str:
    by_light = {"day": _("Autorefraction, day"), "night": _("Autorefraction, night"), None: _("Autorefraction")}
    title = by_light[reading.condition]
    return str(_("%(title)s, cycloplegic", title=title) if reading.cycloplegic else title)


def _power() -> list[Row]:
    return [
        Row(_("Sphere (D)"), "sphere", "sphere", always=True, main=True),
        Row(_("Cylinder (D)"), "cylinder", "cylinder", always=True, main=True),
        Row(_("Axis"), "axis", "axis", always=True, main=True),
    ]


def _beside() -> list[Row]:
    return [
        Row(_("Confidence"), "confidence", "measured"),
        Row(_("Pupil (mm)"), "pupil_mm", "mm"),
        Row(_("Contact lens sphere (D)"), "contact_lens.sphere", "sphere"),
        Row(_("Contact lens cylinder (D)"), "contact_lens.cylinder", "cylinder"),
        Row(_("Contact lens axis"), "contact_lens.axis", "axis"),
        Row(_("Trial lens sphere (D)"), "trial_lens.sphere", "sphere"),
        Row(_("Trial lens cylinder (D)"), "trial_lens.cylinder", "cylinder"),
        Row(_("Trial lens axis"), "trial_lens.axis", "axis"),
    ]


def _lens() -> list[Row]:
    return [
        Row(_("Add (D)"), "add", "dioptres"),
        Row(_("Second add (D)"), "add2", "dioptres"),
        Row(_("Near sphere (D)"), "near_sphere", "sphere"),
        Row(_("Second near sphere (D)"), "near_sphere2", "sphere"),
        Row(_("Prism, horizontal (Δ)"), "prism.horizontal", "prism"),
        Row(_("Prism, vertical (Δ)"), "prism.vertical", "prism"),
        Row(_("UV transmittance (%)"), "uv_transmittance", "measured"),
    ]


def _pd() -> list[Row]:
    return [
        Row(_("PD, far (mm)"), "pd.far", "mm"),
        Row(_("PD, right (mm)"), "pd.far_right", "mm"),
        Row(_("PD, left (mm)"), "pd.far_left", "mm"),
        Row(_("PD, near (mm)"), "pd.near", "mm"),
    ]


def _settings() -> list[Row]:
    return [Row(_("Working distance (cm)"), "working_cm", "measured")]


def _message() -> Row:
    return Row(_("Message"), "error", "said")
