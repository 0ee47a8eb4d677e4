"""Autorefraction and lensmetry, and the rows of every refraction: sphere, cylinder, axis and what comes with them."""

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, eye_columns, facts, joined, light, lines, messages, series
from cloud.web.cards.shape import Card, Column
from protocols.readings import Autorefraction, Lensmetry


def autorefraction(reading: Autorefraction) -> Card:
    """The representative value on top, single measurements below."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    rows = [*power(), *_beside()]
    return Card(
        kind="autorefraction",
        title=_title(reading),
        columns=columns,
        lines=[*lines(rows, eyes), *messages(eyes)],
        facts=facts([*pd(), *settings()], reading),
        series=series([*power(), Row(_("Confidence"), "confidence", "measured"), _message()], columns, eyes),
    )


def lensmetry(reading: Lensmetry) -> Card:
    """Both lenses, or the one unmarked lens."""
    lone = reading.single is not None and reading.right is None and reading.left is None
    eyes = [reading.single] if lone else [reading.right, reading.left]
    return Card(
        kind="lensmetry",
        title=_("Lens power"),
        columns=[Column(_("Lens"), _("one lens, side not marked"))] if lone else eye_columns(),
        lines=[*lines([*power(), *_lens()], eyes), *messages(eyes)],
        facts=facts([Row(_("Lens type"), "lens_type", "measured"), *pd()], reading),
    )


def _title(reading: Autorefraction) -> str:
    drops = _("cycloplegic") if reading.cycloplegic else None
    return joined(_("Autorefraction"), light(reading.condition), drops)


def power() -> list[Row]:
    """Sphere, cylinder, axis; the spherical equivalent only where the instrument printed it."""
    return [
        Row(_("Sphere (D)"), "sphere", "sphere", always=True, main=True),
        Row(_("Cylinder (D)"), "cylinder", "cylinder", always=True, main=True),
        Row(_("Axis"), "axis", "axis", always=True, main=True),
        Row(_("SE as printed (D)"), "se", "dioptres"),
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
        *prism(),
        Row(_("UV transmittance (%)"), "uv_transmittance", "measured"),
    ]


def prism() -> list[Row]:
    """Prism as it was received: in components with their bases, or as power and direction."""
    return [
        Row(_("Prism, horizontal (Δ)"), "prism.horizontal", "prism"),
        Row(_("Prism, vertical (Δ)"), "prism.vertical", "prism"),
        Row(_("Prism (Δ @ base in degrees)"), "prism", "polar", when="prism.power"),
    ]


def pd() -> list[Row]:
    """Pupillary distances, each half where it was measured."""
    return [
        Row(_("PD, far (mm)"), "pd.far", "mm"),
        Row(_("PD, far, right (mm)"), "pd.far_right", "mm"),
        Row(_("PD, far, left (mm)"), "pd.far_left", "mm"),
        Row(_("PD, near (mm)"), "pd.near", "mm"),
        Row(_("PD, near, right (mm)"), "pd.near_right", "mm"),
        Row(_("PD, near, left (mm)"), "pd.near_left", "mm"),
    ]


def settings() -> list[Row]:
    """The distances the instrument was set to."""
    return [
        Row(_("Vertex distance (mm)"), "vertex_mm", "mm"),
        Row(_("Test distance (cm)"), "distance_cm", "measured"),
        Row(_("Working distance (cm)"), "working_cm", "measured"),
    ]


def _message() -> Row:
    return Row(_("Message"), "error", "said")
