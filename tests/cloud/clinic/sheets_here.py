"""Records made of what was typed, without a database."""

from datetime import UTC, date, datetime

from cloud.clinic import places, values
from cloud.clinic.checks import Context
from cloud.clinic.choices import NO_VALUE, Origin, Quality
from cloud.clinic.errors import Unreadable
from cloud.clinic.history import History, Past
from cloud.clinic.sheet import Item, Sheet

TODAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EARLIER = datetime(2026, 5, 22, 9, 0, tzinfo=UTC)  # 184 days before


def item(place, entered, **about):
    known = {"quality": Quality.OK, "origin": Origin.MANUAL, "source": None, "device_value": None} | about
    problem = value = None
    if known["quality"] not in NO_VALUE:
        try:
            value = values.read(place.spec, entered)
        except Unreadable as refusal:
            problem = str(refusal)
    rest = {"measured_at": known.pop("measured_at", None), "confirmed": known.pop("confirmed", True)}
    return Item(entered=entered, value=value, problem=problem, changed_at=TODAY, changed_by=1, **rest, **known)


def sheet(written=None, about=None, **more):
    """``sheet({"manifest.1.sphere.R": "-1.00"})``; ``about`` is the origin and so on of all of them."""
    every = {places.read(one): entered for one, entered in (written or {}).items()}
    return Sheet({place: item(place, entered, **(about or {}), **more) for place, entered in every.items()})


def eyes(element, right=None, left=None, n=1):
    """``eyes("final", "-1.00/-0.50x180", "-2.00")`` as places and texts."""
    found = {}
    for side, rx in (("R", right), ("L", left)):
        if rx is not None:
            sphere, _slash, rest = rx.partition("/")
            cylinder, _cross, axis = rest.partition("x")
            parts = {"sphere": sphere, "cylinder": cylinder, "axis": axis}
            found |= {f"{element}.{n}.{field}.{side}": text for field, text in parts.items() if text}
    return found


def past(written, at=EARLIER, number=1):
    return Past(number, at, sheet(written))


def context(*pasts, layout=(), born=None, at=TODAY):
    steps = [{"element": element, "mandatory": mandatory} for element, mandatory in layout]
    return Context(began_at=TODAY, layout=steps, born=born, past=lambda: History(pasts), at=at)


def born(years):
    return date(TODAY.year - years, 1, 1)
