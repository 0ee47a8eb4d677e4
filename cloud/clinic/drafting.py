"""Every change to what is being written. A draft keeps whatever was typed, readable or not: nothing typed is lost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.clinic import places, queries
from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Template
from cloud.clinic.choices import EpisodeKind, Mode, Origin, Quality, Side
from cloud.clinic.errors import AlreadyOpen, Locked, NotYours
from cloud.clinic.models import Discard, Draft, Encounter, Entry, Episode, Presence
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did at one place: typed, emptied (no text and quality ok), or said that a copy holds today."""

    place: Place
    entered: str = ""
    quality: Quality = Quality.OK
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Put:
    """A value that comes from elsewhere, with where from."""

    place: Place
    entered: str
    origin: Origin
    source: str | None = None
    device_value: str | None = None
    measured_at: datetime | None = None
    quality: Quality = Quality.OK


def begin(
    session: Session,
    *,
    patient_id: int,
    template: Template,
    store_id: int,
    by: int,
    mode: Mode = Mode.IN_PERSON,
    began_at: datetime | None = None,
) -> Encounter:
    """Begin a visit in its episode; ``began_at`` of one written down later than it took place. Raises NoSuchPatient."""
    people.patient(session, patient_id)
    visit = Encounter(
        patient_id=patient_id,
        episode_id=_episode(session, patient_id, EpisodeKind(template.episode), by).id,
        store_id=store_id,
        template=template.code,
        template_version=template.version,
        layout=[{"element": place.element, "mandatory": place.mandatory} for place in template.elements],
        mode=mode.value,
        began_at=began_at or now(),
        began_by=by,
    )
    session.add(visit)
    session.flush()
    _open(session, visit.id, by)
    audit.note(session, by=by, verb="began", kind="encounter", subject=visit.id, patient=patient_id)
    tell(session, patient_id)
    return visit


def _episode(session: Session, patient_id: int, kind: EpisodeKind, by: int) -> Episode:
    known = [one for one in queries.episodes(session, [patient_id]) if one.kind == kind.value and not one.closed_at]
    if known:
        return known[0]
    episode = Episode(patient_id=patient_id, kind=kind.value, opened_by=by)
    session.add(episode)
    session.flush()
    return episode


def _open(session: Session, encounter_id: int, by: int, amends: int | None = None) -> Draft:
    draft = Draft(encounter_id=encounter_id, author_id=by, amends=amends, opened_at=now(), saved_at=now(), revision=0)
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        raise AlreadyOpen(encounter_id) from None
    return draft


def mine(session: Session, encounter_id: int, by: int) -> Draft:
    """The open draft, held for this transaction. Raises Locked, NotYours."""
    draft = queries.draft(session, encounter_id, lock=True)
    if draft is None:
        queries.encounter(session, encounter_id)
        raise Locked(encounter_id)
    if draft.author_id != by:
        raise NotYours(draft.author_id)
    return draft


def save(session: Session, *, encounter_id: int, changes: Sequence[Change], by: int) -> Draft:
    """Keep what was typed. Raises Locked, NotYours, NoSuchEncounter."""
    draft = mine(session, encounter_id, by)
    known = {entry.place: entry for entry in queries.entries(session, draft.id)}
    for change in changes:
        _change(session, draft, known.get(str(change.place)), change, by)
    return _touched(session, draft)


def _change(session: Session, draft: Draft, known: Entry | None, change: Change, by: int) -> None:
    if not change.entered.strip() and change.quality is Quality.OK and not change.confirm:
        if known is not None:
            session.delete(known)
    elif known is None:
        session.add(_entry(draft, Put(change.place, change.entered, Origin.MANUAL, quality=change.quality), by))
    elif change.confirm:
        known.confirmed, known.changed_at, known.changed_by = True, now(), by
    else:
        _retyped(known, change, by)


def _retyped(known: Entry, change: Change, by: int) -> None:
    """What a device said stays beside what somebody made of it; put back, it is the device's again."""
    if (known.entered, known.quality) == (change.entered, change.quality.value):
        return
    if known.device_value is None and known.origin == Origin.DEVICE.value:
        known.device_value = known.entered
    again = known.device_value is not None and change.entered == known.device_value
    known.origin = (Origin.DEVICE if again else Origin.MANUAL).value
    known.device_value = None if again else known.device_value
    known.entered, known.quality, known.confirmed = change.entered, change.quality.value, True
    known.changed_at, known.changed_by = now(), by


def put(session: Session, *, encounter_id: int, values: Iterable[Put], by: int) -> Draft:
    """Write values from elsewhere in one batch that ``undo`` takes back whole. Raises Locked, NotYours."""
    draft = mine(session, encounter_id, by)
    known = {entry.place: entry for entry in queries.entries(session, draft.id)}
    batch = list(values)
    draft.before = [_kept(str(one.place), known.get(str(one.place))) for one in batch]
    for gone in (known[str(one.place)] for one in batch if str(one.place) in known):
        session.delete(gone)
    session.flush()
    session.add_all(_entry(draft, one, by) for one in batch if one.entered or one.quality is not Quality.OK)
    return _touched(session, draft)


def _entry(draft: Draft, one: Put, by: int) -> Entry:
    return Entry(
        draft_id=draft.id,
        place=str(one.place),
        entered=one.entered,
        quality=one.quality.value,
        origin=one.origin.value,
        source=one.source,
        device_value=one.device_value,
        measured_at=one.measured_at,
        confirmed=one.origin is not Origin.COPIED,
        changed_at=now(),
        changed_by=by,
    )


_KEPT = ("entered", "quality", "origin", "source", "device_value", "confirmed", "changed_by")
_KEPT_MOMENTS = ("measured_at", "changed_at")


def _kept(place: str, entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"place": place}
    moments = {name: at.isoformat() if (at := getattr(entry, name)) else None for name in _KEPT_MOMENTS}
    return {"place": place, **{name: getattr(entry, name) for name in _KEPT}, **moments}


def undo(session: Session, *, encounter_id: int, by: int) -> Draft:
    """Take the last batch back, exactly; nothing happens when there is none. Raises Locked, NotYours."""
    draft = mine(session, encounter_id, by)
    for kept in draft.before or ():
        session.execute(delete(Entry).where(Entry.draft_id == draft.id, Entry.place == kept["place"]))
        if "entered" in kept:
            moments = {name: datetime.fromisoformat(kept[name]) if kept[name] else None for name in _KEPT_MOMENTS}
            session.add(Entry(**{**kept, **moments}, draft_id=draft.id))
    draft.before = None
    session.flush()
    session.expire_all()
    return _touched(session, draft)


def pull_forward(session: Session, *, encounter_id: int, element: str, by: int) -> Draft:
    """Copy an element from the last signed visit that has it, into places that are empty; marked as copied."""
    visit = queries.encounter(session, encounter_id)
    earlier = queries.recorded(session, people.ids_of(session, visit.patient_id), [element], before=visit.began_at)
    newest = [(seen, row) for seen, row in earlier if seen.id == earlier[0][0].id]
    empty = _empty(session, encounter_id)
    copies = [
        Put(place, row.entered, Origin.COPIED, str(seen.id), None, row.measured_at, Quality(row.quality))
        for seen, row in newest
        if empty(place := Place(row.element, row.n, row.field, Side(row.side))) and _still_known(place)
    ]
    return put(session, encounter_id=encounter_id, values=copies, by=by)


def _still_known(place: Place) -> bool:
    try:
        return places.read(str(place)).spec.copyable
    except LookupError:
        return False


def normals(session: Session, *, encounter_id: int, element: str, by: int) -> Draft:
    """Write an element's normals, in words, into every place that is empty."""
    empty = _empty(session, encounter_id)
    found = [
        Put(place, field.normal, Origin.MANUAL)
        for field in registry.element(element).fields
        if field.normal
        for side in field.eyes
        if empty(place := Place(element, 1, field.code, Side(side)))
    ]
    return put(session, encounter_id=encounter_id, values=found, by=by)


def clear(session: Session, *, encounter_id: int, element: str, n: int, by: int) -> Draft:
    """Empty an element; ``undo`` brings it back."""
    draft = queries.draft(session, encounter_id)
    held = queries.entries(session, draft.id) if draft else ()
    gone = [place for entry in held if (place := places.read(entry.place))[:2] == (element, n)]
    return put(session, encounter_id=encounter_id, values=[Put(p, "", Origin.MANUAL) for p in gone], by=by)


def _empty(session: Session, encounter_id: int) -> Callable[[Place], bool]:
    draft = queries.draft(session, encounter_id)
    taken = {entry.place for entry in queries.entries(session, draft.id)} if draft else set()
    return lambda place: str(place) not in taken


def _touched(session: Session, draft: Draft) -> Draft:
    draft.revision += 1
    draft.saved_at = now()
    session.flush()
    return draft


def amend(session: Session, *, encounter_id: int, by: int) -> Draft:
    """Open an amendment on a signed record; it holds the record as it stands. Raises NotSigned, AlreadyOpen."""
    visit, version = queries.encounter(session, encounter_id), queries.standing(session, encounter_id)
    draft = _open(session, encounter_id, by, amends=version.number)
    sheet = queries.signed(session, version.id)
    session.add_all(_again(draft, place, item) for place, item in sheet.items())
    session.flush()
    audit.note(session, by=by, verb="amending", kind="encounter", subject=encounter_id, patient=visit.patient_id)
    tell(session, visit.patient_id)
    return draft


def _again(draft: Draft, place: Place, item: Item) -> Entry:
    return Entry(
        draft_id=draft.id,
        place=str(place),
        entered=item.entered,
        quality=item.quality.value,
        origin=item.origin.value,
        source=item.source,
        device_value=item.device_value,
        measured_at=item.measured_at,
        confirmed=item.confirmed,
        changed_at=item.changed_at,
        changed_by=item.changed_by,
    )


def take_over(session: Session, *, encounter_id: int, by: int) -> Draft:
    """Go on with what somebody else began; everything they wrote stays. Raises Locked."""
    visit, draft = queries.encounter(session, encounter_id), queries.draft(session, encounter_id, lock=True)
    if draft is None:
        raise Locked(encounter_id)
    audit.note(session, by=by, verb="took over", kind="encounter", subject=encounter_id, author=draft.author_id)
    draft.author_id = by
    tell(session, visit.patient_id)
    return _touched(session, draft)


def discard(session: Session, *, encounter_id: int, by: int, why: str) -> None:
    """Give up a visit that was never signed, or an amendment; the signed record stays. Raises Locked, NotYours."""
    visit, draft = queries.encounter(session, encounter_id), mine(session, encounter_id, by)
    if draft.amends is None:
        session.add(Discard(encounter_id=encounter_id, by=by, why=why))
    session.delete(draft)
    audit.note(session, by=by, verb="discarded", kind="encounter", subject=encounter_id, amendment=draft.amends)
    session.flush()
    tell(session, visit.patient_id)


def here(session: Session, *, patient_id: int, by: int) -> None:
    """Somebody has this patient's chart open at this moment."""
    row = {"tenant_id": current_tenant(), "patient_id": patient_id, "staff_id": by, "seen_at": now()}
    keys = [Presence.tenant_id, Presence.patient_id, Presence.staff_id]
    session.execute(insert(Presence).values(row).on_conflict_do_update(index_elements=keys, set_={"seen_at": now()}))


def tell(session: Session, patient_id: int) -> None:
    """Open pages of this patient look again."""
    announce(session, Fact(topic="clinic.patient", tenant_id=current_tenant(), subject=str(patient_id)))
