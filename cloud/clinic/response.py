"""How a cornea answered over the visits: pressures against thickness, and every figure in a table, eye by eye."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from flask_babel import gettext as _
from markupsafe import Markup

from cloud.clinic.courses import moment
from cloud.readings.choices import Verdict
from cloud.readings.queries import Shown
from cloud.web import notation, times
from cloud.web.cards import biomechanics as card
from cloud.web.cards.parts import has, written
from cloud.web.maps import plane
from cloud.web.maps.plane import Spot
from protocols.readings import Biomechanics

PRESSURES = ("iop_mmhg", "iopcc_mmhg", "biop_mmhg")
THICKNESS = "cct_um"


@dataclass(frozen=True, slots=True)
class Visit:
    """One measurement of one eye; ``changed`` where another instrument measured than the time before."""

    at: datetime
    shown: Shown
    instrument: str
    changed: bool
    cells: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye: its heads, its visits newest first, its picture where pressure and thickness were measured together."""

    side: Literal["right", "left"]
    heads: Sequence[str]
    visits: Sequence[Visit]
    drawing: Markup | None
    legend: Sequence[tuple[Markup, str]]


def eyes(heard: Sequence[Shown]) -> list[Eye]:
    """Right eye first; readings that were rejected are left out."""
    stand = [one for one in heard if isinstance(one.reading, Biomechanics) and one.state != Verdict.REJECTED.value]
    ordered = sorted(stand, key=lambda one: moment(one)[0])
    return [_eye("right", ordered), _eye("left", ordered)]


def _eye(side: Literal["right", "left"], ordered: Sequence[Shown]) -> Eye:
    told = [(one, part) for one in ordered if (part := getattr(one.reading, side)) is not None]
    rows = [row for row in card.rows(compensated=False) if any(has(part, row) for _one, part in told)]
    names = [_instrument(one) for one, _part in told]
    changes = [False, *(before != now for before, now in pairwise(names))]
    visits = [
        Visit(moment(one)[0], one, name, changed, [written(row, part) for row in rows])
        for (one, part), name, changed in zip(told, names, changes, strict=False)
    ]
    spots = [spot for one, part in told for spot in _spots(one, part)]
    return Eye(side, [row.label for row in rows], visits[::-1], _drawn(side, spots), _legend(side, spots))


def _instrument(one: Shown) -> str:
    who = one.reading.instrument
    return f"{who.maker} {who.model}".strip()


def _spots(one: Shown, part: Any) -> list[Spot]:
    across: Decimal | None = getattr(part, THICKNESS)
    if across is None:
        return []
    found = [(kind, getattr(part, name)) for kind, name in enumerate(PRESSURES)]
    day = times.day(moment(one)[0])
    return [
        Spot(
            across, up, kind, f"{day}: {_names()[kind]} {notation.measured(up)}, {_('CCT')} {notation.measured(across)}"
        )
        for kind, up in found
        if up is not None
    ]


def _drawn(side: Literal["right", "left"], spots: Sequence[Spot]) -> Markup | None:
    if not spots:
        return None
    says = _("Pressures against corneal thickness; the values stand in the table.")
    return plane.plane(spots, _("CCT (µm)"), _("Pressure (mmHg)"), "R" if side == "right" else "L", says)


def _legend(side: Literal["right", "left"], spots: Sequence[Spot]) -> list[tuple[Markup, str]]:
    eye = "R" if side == "right" else "L"
    return [(plane.sample(kind, eye), _names()[kind]) for kind in sorted({one.kind for one in spots})]


def _names() -> tuple[str, ...]:
    return (_("IOP"), _("IOPcc"), _("bIOP"))
