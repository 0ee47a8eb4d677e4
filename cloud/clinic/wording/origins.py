"""Where a value came from, in one sentence: typed, an instrument, a copy, the patient; and whether it came late."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from flask_babel import gettext as _

from cloud.clinic import values
from cloud.clinic.choices import Origin
from cloud.clinic.errors import Unreadable
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item
from cloud.clinic.wording.figures import shown
from cloud.web import times
from cloud.web.notation import Notation

LATE = timedelta(hours=24)  # clinical.md c.4: what is written down later than this says so
Kind = Literal["typed", "instrument", "edited", "copied", "confirmed", "patient", "imported", "calculated"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A small mark beside a value: its kind decides the picture, ``words`` are the whole sentence."""

    kind: Kind
    words: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """What the words need: staff by id, instruments by reading id, days of visits by encounter id, both ids as text."""

    names: Mapping[int, str] = field(default_factory=dict)
    instruments: Mapping[str, str] = field(default_factory=dict)
    visits: Mapping[str, datetime] = field(default_factory=dict)


def provenance(
    place: Place, item: Item, sources: Sources, written: Notation, language: str, began: datetime | None = None
) -> Mark:
    """Where the value came from; ``began`` is when its visit did, which tells a late entry from a timely one."""
    mark = _mark(place, item, sources, written, language)
    if not is_late(item, began):
        return mark
    late = _("Written down more than a day after it was measured, on %(when)s.", when=times.when(item.changed_at))
    return replace(mark, words=f"{mark.words}. {late}", late=True)


def is_late(item: Item, began: datetime | None) -> bool:
    """Whether it was written down more than a day after it was measured (when not told: after the visit began)."""
    effective = item.measured_at or began
    late_by_hand = item.origin in (Origin.MANUAL, Origin.PATIENT)
    return late_by_hand and effective is not None and item.changed_at - effective > LATE


def _mark(place: Place, item: Item, sources: Sources, written: Notation, language: str) -> Mark:
    who = sources.names.get(item.changed_by, "")
    if item.device_value is not None:
        said, from_ = _device_said(place, item, written, language), _instrument(item, sources)
        return Mark(
            "edited", _("Changed by %(who)s; %(instrument)s said %(said)s", who=who, instrument=from_, said=said)
        )
    if item.origin is Origin.DEVICE:
        return Mark("instrument", _("From %(instrument)s", instrument=_instrument(item, sources)))
    if item.origin is Origin.COPIED:
        return _copied(item, sources, who)
    if item.origin is Origin.PATIENT:
        return Mark("patient", str(_("Told by the patient")))
    if item.origin is Origin.IMPORT:
        return Mark("imported", str(_("Imported from an earlier record")))
    if item.origin is Origin.DERIVED:
        return Mark("calculated", _("Calculated: %(rule)s", rule=item.source or ""))
    return Mark("typed", _("Typed by %(person)s", person=who) if who else str(_("Typed")))


def _copied(item: Item, sources: Sources, who: str) -> Mark:
    visit = sources.visits.get(item.source or "")
    day = times.day(visit) if visit else str(_("an earlier visit"))
    if item.confirmed:
        return Mark("confirmed", _("Copied from %(day)s, confirmed by %(who)s", day=day, who=who))
    return Mark("copied", _("Copied from %(day)s, not confirmed", day=day))


def _instrument(item: Item, sources: Sources) -> str:
    named = sources.instruments.get(item.source or "") or str(_("the instrument"))
    return f"{named}, {times.when(item.measured_at)}" if item.measured_at else named


def _device_said(place: Place, item: Item, written: Notation, language: str) -> str:
    """In the same notation as the value itself; as it came where it cannot be read."""
    told = item.device_value or ""
    try:
        return shown(place, replace(item, entered=told, value=values.read(place.spec, told)), written, language)
    except Unreadable:
        return told
