"""Tonometry: pressure as the instrument averaged it, each puff, and what was corrected how."""

from typing import TypeGuard

from flask_babel import gettext as _

from cloud.web import notation
from cloud.web.cards.parts import Row, eye_columns, facts, lines, messages, series
from cloud.web.cards.shape import Card, Cell, Fact, Line
from cloud.web.filters import absent
from protocols.readings import CorrectedIop, IopReading, Tonometry, TonometryEye


def tonometry(reading: Tonometry) -> Card:
    """Intraocular pressure of both eyes."""
    eyes, columns = (reading.right, reading.left), eye_columns()
    return Card(
        kind="tonometry",
        title=_("Eye pressure"),
        columns=columns,
        lines=[
            *lines([_pressure()], eyes),
            *_puffs(eyes),
            *lines(_corrected(), eyes),
            *messages(eyes),
        ],
        facts=[*facts(_how(), reading), *_corrections(eyes)],
        series=series([_pressure(), *_beside()], columns, eyes),
    )


def _pressure() -> Row:
    return Row(_("IOP (mmHg)"), "iop_mmhg", "iop", always=True, main=True)


def _how() -> list[Row]:
    """A pressure means little without its time and its instrument."""
    return [
        Row(_("Method"), "method", "measured"),
        Row(_("Instrument"), "instrument.model", "said"),
        Row(_("Instrument's own time"), "measured_at", "moment"),
    ]


def _puffs(eyes: tuple[TonometryEye | None, ...]) -> list[Line]:
    """Every puff in one look, the doubtful ones in brackets as on the instruments' own paper."""
    if not any(eye and eye.readings for eye in eyes):
        return []
    doubtful = any(one.doubtful for eye in eyes if eye for one in eye.readings)
    label = _("Each measurement, doubtful in brackets") if doubtful else _("Each measurement")
    return [Line(label, [_series(eye) for eye in eyes], words=True)]


def _series(eye: TonometryEye | None) -> Cell:
    return "  ".join(_puff(one) for one in eye.readings) if eye and eye.readings else absent()


def _puff(one: IopReading) -> str:
    told = notation.measured(one.iop_mmhg) or one.error or "–"
    return f"({told})" if one.doubtful else told


def _corrected() -> list[Row]:
    return [
        Row(_("IOP (kPa)"), "iop_kpa", "iop"),
        Row(_("IOP corrected by the instrument (mmHg)"), "corrected.iop_mmhg", "iop", main=True),
        Row(_("CCT used (µm)"), "corrected.cct_um", "measured"),
    ]


def _corrections(eyes: tuple[TonometryEye | None, ...]) -> list[Fact]:
    made = zip(eye_columns(), (eye.corrected if eye else None for eye in eyes), strict=True)
    return [Fact(_("Correction made, %(eye)s", eye=column.head), _formula(one)) for column, one in made if _told(one)]


def _told(made: CorrectedIop | None) -> TypeGuard[CorrectedIop]:
    return made is not None and made.param1 is not None and made.param2 is not None


def _formula(made: CorrectedIop) -> str:
    cct = notation.measured(made.cct_um) or _("CCT")
    return f"{_('IOP')} − ({cct} − {notation.measured(made.param1)}) × {notation.measured(made.param2)}"


def _beside() -> list[Row]:
    return [
        Row(_("IOP (kPa)"), "iop_kpa", "iop"),
        Row(_("Confidence"), "confidence", "measured"),
        Row(_("Doubtful"), "doubtful", "yes"),
        Row(_("Message"), "error", "said"),
    ]
