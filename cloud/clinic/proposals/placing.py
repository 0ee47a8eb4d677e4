"""From what an instrument said to places of a record: which instance is free, and what stands there already."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cloud.clinic import places, values
from cloud.clinic.catalogue import registry
from cloud.clinic.checks.finding import eye, titled, where
from cloud.clinic.choices import Origin, Side
from cloud.clinic.drafting import Put
from cloud.clinic.errors import UnknownPlace, Unreadable
from cloud.clinic.places import Place
from cloud.clinic.proposals import binocular, examined, measures, refractions
from cloud.clinic.proposals.said import Said, eyes, instrument
from cloud.clinic.proposals.shape import Doubt, doubt
from cloud.clinic.sheet import Sheet
from protocols.readings import Autorefraction, Keratometry, Lensmetry, Pachymetry, Prism, Reading, Tonometry

MAPS: dict[type[Reading], Callable[[Any], Iterator[Said]]] = {
    **refractions.MAPS,
    **measures.MAPS,
    **binocular.MAPS,
    **examined.MAPS,
}
# What says nothing by itself: without a figure beside it there is nothing to propose.
_ABOUT = frozenset(
    {
        *("instrument", "method", "source", "index", "condition", "cycloplegic", "vertex", "distance"),
        *("test", "strategy"),
    }
)


def said(reading: Reading) -> list[Said]:
    """Every value of a reading that has a place; none where only the circumstances are told."""
    found = list(MAPS[type(reading)](reading)) if type(reading) in MAPS else []
    told = {(one.element, one.slot) for one in found if one.field not in _ABOUT}
    return [one for one in found if (one.element, one.slot) in told and _known(one)]


def _known(one: Said) -> bool:
    """Whether the catalogue has the field; a side still to be chosen is one of the eyes'."""
    side = one.side
    if side is Side.NONE and _of_an_eye(one):
        side = Side.RIGHT
    try:
        return places.read(f"{one.element}.1.{one.field}.{side}") is not None
    except UnknownPlace:
        return False


def _of_an_eye(one: Said) -> bool:
    field = registry.element(one.element).field(one.field)
    return field is not None and Side.NONE.value not in field.eyes


def needs_side(found: Sequence[Said]) -> bool:
    """Whether an eye has to be chosen."""
    return any(one.side is Side.NONE and _of_an_eye(one) for one in found)


class Taken:
    """What a draft holds, and what earlier proposals would put beside it."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._held = {place: item.entered for place, item in sheet.items()}

    def place(self, found: Sequence[Said], source: UUID, at: datetime) -> tuple[list[Put], list[Doubt]]:
        """Each value at its place. What is full or taken is left out, and told."""
        puts, doubts = list[Put](), list[Doubt]()
        for key in dict.fromkeys((one.element, one.slot) for one in found):
            group = [one for one in found if (one.element, one.slot) == key]
            n = self._instance(key[0], group)
            if n is None:
                doubts.append(doubt("full", element=titled(key[0])))
            for one in group if n else ():
                self._put(Place(one.element, n or 1, one.field, one.side), one.entered, puts, doubts)
            self._held |= {one.place: one.entered for one in puts}
        return [Put(one.place, one.entered, Origin.DEVICE, str(source), None, at) for one in puts], doubts

    def _put(self, place: Place, entered: str, puts: list[Put], doubts: list[Doubt]) -> None:
        known = self._held.get(place)
        if known is None:
            puts.append(Put(place, entered, Origin.DEVICE))
        elif known != entered and place.field not in _ABOUT:
            doubts.append(doubt("taken", where=where(place), known=known, found=entered))

    def _instance(self, element: str, group: Sequence[Said]) -> int | None:
        """The first free one; an element that is recorded once takes what is still empty in it."""
        repeats = registry.element(element).repeats
        if repeats == 1:
            return 1
        return next((n for n in range(1, repeats + 1) if self._free(element, n, group)), None)

    def _free(self, element: str, n: int, group: Sequence[Said]) -> bool:
        """No figure of an eye stands there, nor any that this reading would write; typed circumstances do not count."""
        held = [place for place in self._held if (place.element, place.n) == (element, n)]
        ours = {(one.field, one.side) for one in group if one.field not in _ABOUT}
        return not any(p.side is not Side.NONE or (p.field, p.side) in ours for p in held)


def of_values(reading: Reading, puts: Sequence[Put]) -> Iterator[Doubt]:
    """What is missing in it, or cannot be read as it was said."""
    if isinstance(reading, Autorefraction | Lensmetry | Keratometry | Tonometry | Pachymetry):
        yield from (doubt("no_value", eye=eye(side)) for side, one in eyes(reading) if not _valued(one))
    fields = {(put.place.element, put.place.field) for put in puts}
    if ("iop", "iop") in fields and ("iop", "method") not in fields:
        yield doubt("no_method")
    for side, one in eyes(reading):
        if _without_base(getattr(one, "prism", None)):
            yield doubt("base_not_told", eye=eye(side))
    yield from (doubt("chamber_undefined", eye=eye(side)) for side in examined.undefined(reading))
    if examined.of_other_sign(reading):
        yield doubt("loss_positive", instrument=instrument(reading))
    yield from (doubt("unreadable", where=where(put.place), found=put.entered) for put in puts if _unread(put))


def _valued(one: Any) -> bool:
    names = ("sphere", "iop_mmhg", "cct_um", "r1", "r2")
    return any(getattr(one, name, None) is not None for name in names)


def _without_base(prism: Prism | None) -> bool:
    parts = (prism.horizontal, prism.vertical) if prism else ()
    return any(part is not None and part.base is None and part.power for part in parts)


def _unread(put: Put) -> bool:
    try:
        values.read(put.place.spec, put.entered, put.place.side)
    except Unreadable:
        return True
    return False
