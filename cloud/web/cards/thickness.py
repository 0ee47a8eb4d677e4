"""Thickness out of an OCT by sector: the macula on its grid, the nerve fibres around the disc."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from flask_babel import gettext as _
from markupsafe import Markup

from cloud.web import maps, notation
from cloud.web.cards.parts import Row, eye_columns, facts, joined, lines, messages
from cloud.web.cards.shape import Card, Drawn, Line, Series
from cloud.web.filters import shown
from protocols.readings import Oct, OctEye

Side = Literal["right", "left"]
Values = Mapping[str, Decimal]
SIDES: tuple[Side, ...] = ("right", "left")
PARTS = ("rnfl_um", "macula_um", "gcl_um")


def thickness(reading: Oct) -> Card:
    """Every sector in the table; drawn where the sectors are ones that have a place."""
    eyes = (reading.right, reading.left)
    sides = [(side, eye) for side, eye in zip(SIDES, eyes, strict=True) if eye is not None]
    return Card(
        kind="oct",
        title=joined(_("OCT"), reading.scan),
        columns=eye_columns(),
        lines=[*lines(_figures(), eyes), *_sectors(eyes, placed=False), *messages(eyes)],
        facts=facts([Row(_("Instrument"), "instrument.model", "said")], reading),
        drawn=[one for part in PARTS for side, eye in sides for one in _map(part, side, eye)],
        tables=_table(eyes),
        remarks=[
            _("Thickness as this maker's instrument separates the layers: never compared with another maker's."),
        ],
    )


def _figures() -> list[Row]:
    return [
        Row(_("Signal strength"), "signal_strength", "measured", always=True),
        Row(_("Volume (mm³)"), "total_volume_mm3", "measured"),
        Row(_("Cup/disc ratio"), "cup_disc_ratio", "measured"),
        Row(_("Disc area (mm²)"), "disc_area_mm2", "measured"),
    ]


def _table(eyes: Sequence[OctEye | None]) -> list[Series]:
    """What the drawings show, for who does not see them; averages stand in the main table."""
    found = [[line.label, *line.cells] for line in _sectors(eyes, placed=True)]
    heads = [_("Sector"), *(column.head for column in eye_columns())]
    return [Series(_("Thickness by sector"), heads, found)] if found else []


def _sectors(eyes: Sequence[OctEye | None], *, placed: bool) -> Iterator[Line]:
    """Sectors that have a place in a drawing, or those that have none and the averages."""
    for part in PARTS:
        told: list[Values] = [getattr(eye, part) if eye is not None else {} for eye in eyes]
        drawn = {name for names, _draw in _drawings(part) for name in names} - set(MAIN)
        names = sorted({name for one in told for name in one if (name in drawn) is placed}, key=_order)
        for name in names:
            label = f"{_titles()[part]}, {_sector(name)} (µm)"
            yield Line(label, [shown(notation.measured(one.get(name))) for one in told], main=name in MAIN)


MAIN = ("average", "center")
KNOWN = {name: at for at, name in enumerate((*maps.QUADRANTS, *maps.ETDRS, *maps.CLOCK))}


def _order(name: str) -> tuple[int, str]:
    return KNOWN.get(name, len(KNOWN)), name


def _map(part: str, side: Side, eye: OctEye) -> Iterator[Drawn]:
    values: Values = getattr(eye, part)
    head = joined(eye_columns()[SIDES.index(side)].head, _("%(layer)s (µm)", layer=_titles()[part]))
    says = _("%(what)s by sector; the values stand in the table.", what=head)
    for names, draw in _drawings(part):
        if values.keys() & names:
            yield Drawn(head, draw(values, side, says))


def _drawings(part: str) -> list[tuple[set[str], Callable[[Values, Side, str], Markup]]]:
    """Which sectors make which drawing; an average alone makes none."""
    if part == "rnfl_um":
        return [(set(maps.QUADRANTS) - {"average"}, maps.quadrants), (set(maps.CLOCK), maps.clock)]
    return [(set(maps.ETDRS), maps.etdrs)]


def _titles() -> dict[str, str]:
    return {"rnfl_um": _("RNFL"), "macula_um": _("Macula"), "gcl_um": _("Ganglion cells")}


def _sector(name: str) -> str:
    """The sector in words; clock hours by their number, a maker's own name as it came."""
    words = {
        "average": _("average"),
        "minimum": _("thinnest"),
        "center": _("centre"),
        "superior": _("superior"),
        "nasal": _("nasal"),
        "inferior": _("inferior"),
        "temporal": _("temporal"),
    }
    ring, _bar, way = name.partition("_")
    if way in words and ring in ("inner", "outer"):
        return joined(_("inner ring") if ring == "inner" else _("outer ring"), words[way])
    if name in maps.CLOCK:
        return str(_("%(hour)s o'clock", hour=name[1:]))
    return str(words.get(name, name.replace("_", " ")))
