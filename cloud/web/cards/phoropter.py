"""Subjective refraction and visual acuity: what stood in the phoropter, and what could be read through it."""

from typing import Any

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, distance, eye_columns, facts, joined, light, lines, messages
from cloud.web.cards.refraction import pd, power, prism, settings
from cloud.web.cards.shape import Card, Cell, Line
from cloud.web.filters import absent
from cloud.web.notation import MINUS
from protocols.readings import AcuityEye, SubjectiveRefraction, VisualAcuity


def subjective_refraction(reading: SubjectiveRefraction) -> Card:
    """One stage at one distance; the stage stands in the title."""
    eyes = _eyes(reading)
    return Card(
        kind="subjective_refraction",
        title=joined(_stages()[reading.stage], distance(reading.distance), light(reading.light)),
        columns=eye_columns(both=reading.both is not None),
        lines=lines([*_asked(eyes), *_beside(), *_acuity()], eyes),
        facts=facts([*pd(), *settings()], reading),
    )


def visual_acuity(reading: VisualAcuity) -> Card:
    """What each eye could read, in the notation of the instrument."""
    eyes = _eyes(reading)
    title = joined(_("Visual acuity"), _corrections().get(reading.correction or ""), distance(reading.distance))
    return Card(
        kind="visual_acuity",
        title=title,
        columns=eye_columns(both=reading.both is not None),
        lines=[Line(_heading(reading.notation), [_read(eye) for eye in eyes], main=True), *messages(eyes)],
        facts=facts(settings(), reading),
    )


def _eyes(reading: Any) -> list[Any]:
    return [reading.right, reading.left, *([reading.both] if reading.both is not None else [])]


def _asked(eyes: list[Any]) -> list[Row]:
    """An unaided eye has no lenses in front of it: their absence need not be shown, an acuity is the answer."""
    lenses = any(eye is not None and (eye.sphere, eye.cylinder, eye.axis) != (None,) * 3 for eye in eyes)
    said = any(eye is not None and eye.va is not None for eye in eyes)
    return [row if lenses or not said else row._replace(always=False) for row in power()]


def _beside() -> list[Row]:
    return [Row(_("Add (D)"), "add", "dioptres", main=True), *prism()]


def _acuity() -> list[Row]:
    return [
        Row(_("VA"), "va", "text", main=True),
        Row(_("VA with add"), "va_with_add", "text"),
        Row(_("VA, pinhole"), "va_pinhole", "text"),
        Row(_("VA, low light"), "va_low_light", "text"),
    ]


def _read(eye: AcuityEye | None) -> Cell:
    if eye is None or eye.va is None:
        return absent()
    return eye.va if not eye.letters else f"{eye.va} {f'{eye.letters:+d}'.replace('-', MINUS)}"


def _heading(notation: str | None) -> str:
    headings = {
        "decimal": _("VA (decimal)"),
        "fraction": _("VA (fraction)"),
        "logmar": _("VA (logMAR)"),
        "etdrs": _("VA (ETDRS letters)"),
        "parinaud": _("VA (Parinaud)"),
    }
    return str(headings.get(notation or "", _("VA")))


def _stages() -> dict[str, str]:
    return {
        "unaided": _("Unaided"),
        "lensmeter": _("Lensmeter data in the phoropter"),
        "autorefraction": _("Autorefraction data in the phoropter"),
        "wavefront": _("Wavefront data in the phoropter"),
        "previous": _("Previous prescription"),
        "subjective": _("Subjective refraction"),
        "final": _("Final prescription"),
        "contact_lens": _("Contact lens"),
        "trial": _("Trial lens"),
    }


def _corrections() -> dict[str, str]:
    return {
        "unaided": _("unaided"),
        "habitual": _("habitual correction"),
        "corrected": _("corrected"),
        "pinhole": _("pinhole"),
        "contact_lens": _("contact lens"),
    }
