"""Tonometry: the instrument's own average, each puff, and its corrected value."""

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, eye_columns, facts, lines, messages, series
from cloud.web.cards.shape import Card
from protocols.readings import Tonometry


def tonometry(reading: Tonometry) -> Card:
    """Intraocular pressure of both eyes."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    return Card(
        kind="tonometry",
        title=_("Eye pressure"),
        columns=columns,
        lines=[*lines([_pressure(), *_corrected()], eyes), *messages(eyes)],
        facts=facts([Row(_("Method"), "method", "measured")], reading),
        series=series([_pressure(), *_beside()], columns, eyes),
    )


def _pressure() -> Row:
    return Row(_("IOP (mmHg)"), "iop_mmhg", "iop", always=True, main=True)


def _corrected() -> list[Row]:
    return [
        Row(_("IOP corrected by the instrument (mmHg)"), "corrected.iop_mmhg", "iop"),
        Row(_("CCT used (µm)"), "corrected.cct_um", "measured"),
    ]


def _beside() -> list[Row]:
    return [
        Row(_("Confidence"), "confidence", "measured"),
        Row(_("Doubtful"), "doubtful", "yes"),
        Row(_("Message"), "error", "said"),
    ]
