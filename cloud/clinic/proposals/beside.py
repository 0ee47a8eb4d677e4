"""A reading beside what else is known of these eyes: its own measurements, the last visit, other instruments today."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

from cloud.clinic import powers, tables
from cloud.clinic.checks.finding import eye
from cloud.clinic.choices import Side
from cloud.clinic.history import History
from cloud.clinic.powers import Pair
from cloud.clinic.proposals.measures import MAPS, method
from cloud.clinic.proposals.said import eyes
from cloud.clinic.proposals.shape import Doubt, doubt
from cloud.optics.exact import rounded
from cloud.optics.refraction import Refraction, written
from cloud.readings.queries import Shown
from cloud.web import times
from cloud.web.notation import measured
from protocols import readings
from protocols.readings import Autorefraction, Keratometry, Pachymetry, Reading, SubjectiveRefraction, Tonometry

_REFINED = ("subjective", "final")
ENOUGH = 2  # figures that agree by chance are fewer
# The like of it in the record first; then whatever else says what the eye is.
_LIKE = {Autorefraction: ("autorefraction", "manifest", "final"), SubjectiveRefraction: ("manifest", "final")}


class Known(NamedTuple):
    """What a reading is held against; ``today`` are the other readings of this visit, oldest first."""

    history: History
    today: Sequence[Shown]


def pair(reading: Reading) -> Pair | None:
    """The refraction of the eyes that a reading is; None for anything else, glasses too."""
    refined = isinstance(reading, SubjectiveRefraction) and reading.stage in _REFINED and reading.distance != "near"
    if not (refined or isinstance(reading, Autorefraction)):
        return None
    found = {side: power(one) for side, one in eyes(reading)}
    return Pair(found.get(Side.RIGHT), found.get(Side.LEFT))


def power(one: Any) -> Refraction | None:
    """The refraction that an eye of a reading is."""
    if one is None:
        return None
    return powers.read(one.sphere, one.cylinder, None if one.axis is None else Decimal(one.axis))


def exchanged(shown: Shown, known: Known) -> Iterator[Doubt]:
    """Right and left fit the last visit, or another instrument today, much better the other way round."""
    found, row = pair(shown.reading), tables.rows("warnings")["wrong_eye"]
    for which, words, other in _references(shown, known) if found else ():
        turned = powers.looks_exchanged(found, other, row["margin"], row["share"]) if found else None
        if turned is not None:
            apart = {"apart": rounded(turned.as_given, 2), "exchanged": rounded(turned.exchanged, 2)}
            yield doubt("wrong_eye", which, **words, **apart)
            return


def printed_with_exchanged(shown: Shown, known: Known) -> Iterator[Doubt]:
    """The refraction of the same print-out looks exchanged; the eyes of what was measured with it will be too."""
    if isinstance(shown.reading, Keratometry | Tonometry | Pachymetry):
        print_out = shown.reading.integrity.raw_sha256
        beside = (one for one in known.today if one.reading.integrity.raw_sha256 == print_out)
        if any(list(exchanged(one, known)) for one in beside):
            yield doubt("wrong_eye", "beside")


def _references(shown: Shown, known: Known) -> Iterator[tuple[str, dict[str, str], Pair]]:
    for element in _LIKE.get(type(shown.reading), ()):
        for past in known.history.with_element(element):
            yield "last", {"day": tables.day(past.began_at)}, powers.pair(past.sheet, element)
            break
    for other in _others(shown, known.today):
        if (theirs := pair(other.reading)) is not None:
            yield "today", {"other": _name(other)}, theirs


def _others(shown: Shown, today: Sequence[Shown]) -> Iterator[Shown]:
    """What another instrument said before."""
    return (one for one in today if one.dev != shown.dev and one.captured_at <= shown.captured_at)


def _name(shown: Shown) -> str:
    return f"{shown.reading.instrument.maker} {shown.reading.instrument.model}"


def identical(reading: Reading) -> Iterator[Doubt]:
    """An instrument said exactly the same of both eyes, down to the cylinder."""
    found = pair(reading)
    if found and found.right and found.right == found.left and found.right.cylinder:
        yield doubt("identical", found=written(found.right))


def repeated(shown: Shown, today: Sequence[Shown]) -> Iterator[Doubt]:
    """The same bytes again, or the same values from the same instrument within a minute."""
    limit = tables.rows("warnings")["repeat"]["seconds"]
    for one in today:
        seconds = Decimal((shown.captured_at - one.captured_at).total_seconds())
        if one.id == shown.id or seconds <= 0 or values(one.reading) != values(shown.reading):
            continue
        if one.reading.integrity.raw_sha256 == shown.reading.integrity.raw_sha256:
            yield doubt("repeat", "bytes", time=times.clock(one.captured_at, to="second"))
            return
        if one.dev == shown.dev and seconds <= limit:
            yield doubt("repeat", "values", seconds=rounded(seconds, 0))
            return


def passed_along(shown: Shown, today: Sequence[Shown]) -> Iterator[Doubt]:
    """Corneas and pressures exactly as another instrument gave them before; a phoropter sends on what it was sent."""
    mine = _figures(shown.reading)
    for one in _others(shown, today) if mine else ():
        theirs = _figures(one.reading, own=True) if type(one.reading) is type(shown.reading) else {}
        common = mine.keys() & theirs.keys()
        if len(common) >= ENOUGH and all(mine[key] == theirs[key] for key in common):
            yield doubt("repeat", "passed", other=_name(one), time=times.clock(one.captured_at))
            return


def _figures(reading: Reading, own: bool = False) -> dict[tuple[str, Side], Decimal]:
    """What was measured of each eye of a cornea or a pressure.

    Two tonometers may well agree: what a tonometer said itself is compared only as the ``own`` of what came before.
    """
    if isinstance(reading, Tonometry) and (reading.method or method(reading, "iop")) and not own:
        return {}
    found = MAPS[type(reading)](reading) if isinstance(reading, Keratometry | Tonometry | Pachymetry) else ()
    return {(one.field, one.side): Decimal(one.entered) for one in found if one.side in powers.EYES}


_APART = ("reading_id", "received_at", "measured_at", "integrity", "print_number", "notes", "extra", "patient_ref")


def values(reading: Reading) -> dict[str, Any]:
    """What was measured, without when and for whom."""
    names = [name for name in reading.__struct_fields__ if name not in _APART]
    return {"kind": readings.kind(reading), **{name: getattr(reading, name) for name in names}}


def outlying(shown: Shown, known: Known) -> Iterator[Doubt]:
    """Beyond repeatability against its own measurements, the last visit, or another instrument today."""
    if isinstance(shown.reading, Tonometry):
        yield from _pressures(shown, shown.reading, known)
    found = pair(shown.reading)
    if found is not None:
        yield from _spread(shown.reading)
        yield from (line for side in powers.EYES for line in _apart(shown, side, found.of(side), known))


def _spread(reading: Reading) -> Iterator[Doubt]:
    for side, one in eyes(reading):
        given, every = power(one), [power(raw) for raw in getattr(one, "readings", ())]
        gaps = [powers.apart(given, raw) for raw in every if given is not None and raw is not None]
        if any(_beyond(gap) for gap in gaps):
            yield doubt("outlier", "own", eye=eye(side), apart=rounded(max(gap.whole for gap in gaps), 2))


def _beyond(gap: powers.Apart) -> bool:
    limits = tables.steps()
    return abs(gap.equivalent) >= limits["equivalent"].limit or gap.astigmatism >= limits["astigmatism"].limit


def _apart(shown: Shown, side: Side, found: Refraction | None, known: Known) -> Iterator[Doubt]:
    """At most one line for the last visit and one for today."""
    told = set[str]()
    for which, words, other in _references(shown, known):
        theirs = other.of(side)
        if found is None or theirs is None or which in told:
            continue
        told.add(which)
        gap = powers.apart(theirs, found)
        if _beyond(gap):
            said = {"eye": eye(side), "found": written(found), "known": written(theirs)}
            yield doubt("outlier", which, **said, apart=rounded(gap.whole, 2), **words)


def _pressures(shown: Shown, reading: Tonometry, known: Known) -> Iterator[Doubt]:
    limit, how = tables.steps()["iop"].limit, reading.method or method(reading, "iop")
    for side, one in eyes(reading):
        raw = [puff.iop_mmhg for puff in one.readings if puff.iop_mmhg is not None]
        if raw and max(raw) - min(raw) >= limit:
            yield doubt("outlier", "own_iop", eye=eye(side), low=measured(min(raw)), high=measured(max(raw)))
        if one.iop_mmhg is None or how is None:
            continue
        for which, words, theirs in _other_pressures(shown, side, how, known):
            if abs(one.iop_mmhg - theirs) >= limit:
                said = {"eye": eye(side), "found": measured(one.iop_mmhg), "known": measured(theirs)}
                yield doubt("outlier", which, **said, **words)


def _other_pressures(shown: Shown, side: Side, how: str, known: Known) -> Iterator[tuple[str, dict[str, str], Decimal]]:
    for past in known.history.with_element("iop"):
        same = [n for n in past.sheet.instances("iop") if past.sheet.code("iop", n, "method") == how]
        earlier = [iop for n in same if (iop := past.sheet.number("iop", n, "iop", side)) is not None]
        if earlier:
            yield "last_iop", {"day": tables.day(past.began_at)}, median(earlier)
            break
    for other in _others(shown, known.today):
        if isinstance(other.reading, Tonometry) and (other.reading.method or method(other.reading, "iop")) == how:
            theirs = dict(eyes(other.reading)).get(side)
            if theirs is not None and theirs.iop_mmhg is not None:
                yield "today_iop", {"other": _name(other)}, theirs.iop_mmhg
