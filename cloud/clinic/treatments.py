"""What was done that a trend should be read against: treatments with beginning and end, events, other instruments."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

from cloud.clinic import wording
from cloud.clinic.sheet import Sheet
from cloud.clinic.trends import Visit
from cloud.web.charts import Mark

ELEMENTS = ("myopia_care", "cl_history", "medications", "orders")
EVENTS = frozenset({"glasses", "contact_lenses", "orthok", "laser", "surgery"})
NONE = "none"


def marks(among: Sequence[Visit], language: str) -> list[Mark]:
    """Treatments and events of these visits, by when they began."""
    found = [*_myopia(among, language), *_lenses(among, language), *_drops(among), *_ordered(among, language)]
    return sorted(found, key=lambda one: one.at)


def changed_instruments(heard: Sequence[tuple[datetime, str]]) -> list[Mark]:
    """Where another instrument measured than the time before."""
    return [Mark(at, "device", now) for (_at, before), (at, now) in pairwise(heard) if before != now]


def _myopia(among: Sequence[Visit], language: str) -> list[Mark]:
    """Each treatment from the visit that names it first (or the day it says) to the first that no longer does."""
    told = [(one, _codes(one.sheet)) for one in among if "myopia_care" in _elements(one.sheet)]
    return _spans(
        [
            (one, {code: wording.choice_words("myopia_care", "treatment", code, language) for code in codes})
            for one, codes in told
        ],
        "myopia_care",
    )


def _codes(of: Sheet) -> list[str]:
    found = [item.value.structure for place, item in of.of("myopia_care") if place.field == "treatment" and item.value]
    return [code for codes in found for code in codes or () if code != NONE]


def _lenses(among: Sequence[Visit], language: str) -> list[Mark]:
    told = [one for one in among if "cl_history" in _elements(one.sheet)]
    kinds = [(one, one.sheet.code("cl_history", 1, "kind")) for one in told]
    return _spans(
        [
            (one, {k: wording.choice_words("cl_history", "kind", k, language)} if k and k != NONE else {})
            for one, k in kinds
        ],
        "cl_history",
    )


def _spans(told: Sequence[tuple[Visit, dict[str, str]]], element: str) -> list[Mark]:
    found: list[Mark] = []
    running: dict[str, tuple[datetime, str]] = {}
    for one, words in told:
        for code in [code for code in running if code not in words]:
            began, said = running.pop(code)
            found.append(Mark(began, "treatment", said, one.at))
        for code in [code for code in words if code not in running]:
            running[code] = (_since(one, element), words[code])
    return found + [Mark(began, "treatment", said) for began, said in running.values()]


def _since(one: Visit, element: str) -> datetime:
    return _day(one.sheet.said(element, 1, "since")) or one.at


def _drops(among: Sequence[Visit]) -> list[Mark]:
    """Medicines for the eye with the days they were begun and stopped, as the newest visit that names them says."""
    found: dict[str, Mark] = {}
    for one in among:
        for n in one.sheet.instances("medications"):
            drug, eye = one.sheet.said("medications", n, "drug"), one.sheet.code("medications", n, "eye")
            if drug and eye and eye != NONE:
                first = found[drug].at if drug in found else one.at
                since, until = (_day(one.sheet.said("medications", n, field)) for field in ("since", "stopped"))
                found[drug] = Mark(since or first, "treatment", drug, until)
    return list(found.values())


def _ordered(among: Sequence[Visit], language: str) -> Iterable[Mark]:
    for one in among:
        for n in one.sheet.instances("orders"):
            what = one.sheet.code("orders", n, "what")
            if what in EVENTS:
                yield Mark(one.at, "event", wording.choice_words("orders", "what", what or "", language))


def _elements(of: Sheet) -> set[str]:
    return {place.element for place in of}


def _day(told: str | None) -> datetime | None:
    """A day, month or year as it was told, as its first moment; nothing where none was."""
    parts = (told or "").strip().split("-")
    try:
        year, month, day = ([int(part) for part in parts] + [1, 1])[:3]
        return datetime.combine(date(year, month, day), datetime.min.time(), UTC)
    except ValueError:
        return None
