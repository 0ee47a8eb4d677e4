"""Taking readings over into a draft, and taking that back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cloud.clinic import drafting, queries
from cloud.clinic.catalogue.shapes import Kind
from cloud.clinic.checks.finding import where
from cloud.clinic.choices import Level, Side
from cloud.clinic.drafting import Put
from cloud.clinic.errors import NoSuchProposal, NotAcceptable
from cloud.clinic.models import Draft
from cloud.clinic.places import Place
from cloud.clinic.proposals.shape import Doubt, Proposal, doubt
from cloud.clinic.proposals.waiting import waiting
from cloud.clinic.sheet import Sheet
from cloud.people import queries as people
from cloud.readings import queries as stored
from cloud.readings import services as deciding
from cloud.readings.choices import Verdict
from cloud.readings.errors import NotFiled

_READING = "reading:"  # beside the places that an undo brings back: a reading and how it stood before
EXCHANGED = "eyes exchanged"
_OTHER = {Side.RIGHT: Side.LEFT, Side.LEFT: Side.RIGHT}


def accept(
    session: Session,
    *,
    encounter_id: int,
    reading_id: UUID,
    by: int,
    sides: Side | None = None,
    swap_eyes: bool = False,
    reason: str | None = None,
) -> Draft:
    """Take one reading over; ``drafting.undo`` through ``undo`` here takes it back whole.

    ``sides`` chooses the eye of a reading that names none. ``reason`` answers doubts that want a word; exchanging the
    eyes answers the doubt about the eyes. See ``exchanged`` for what an exchange keeps. Raises NoSuchProposal,
    NotAcceptable (with the doubts that stand in the way; nothing has changed), Locked, NotYours, NoSuchEncounter.
    """
    visit = queries.encounter(session, encounter_id)
    draft = drafting.mine(session, encounter_id, by)
    proposal = _one(waiting(session, visit), reading_id)
    standing = _standing(proposal, sides, swap_eyes, reason)
    if standing or not proposal.values:
        raise NotAcceptable(standing)
    values = sided(proposal.values, sides) if proposal.needs_side and sides else list(proposal.values)
    values = exchanged(values) if swap_eyes else values
    if clashes := _clashes(values, queries.drafted(session, draft.id)):
        raise NotAcceptable(clashes)
    why = " – ".join(part for part in (EXCHANGED if swap_eyes else "", (reason or "").strip()) if part)
    return _take(session, encounter_id, values, {proposal: why or None}, by)


def accept_all(session: Session, *, encounter_id: int, by: int) -> tuple[Draft, list[Proposal]]:
    """Take over, in one batch, everything without a weighty doubt; what is left comes back to be looked at.

    Raises Locked, NotYours, NoSuchEncounter.
    """
    visit = queries.encounter(session, encounter_id)
    draft = drafting.mine(session, encounter_id, by)
    proposals = waiting(session, visit)
    ready = [one for one in proposals if one.at_once]
    if ready:
        values = [put for one in ready for put in one.values]
        draft = _take(session, encounter_id, values, dict.fromkeys(ready), by)
    return draft, [one for one in proposals if not one.at_once]


def reject(session: Session, *, encounter_id: int, reading_id: UUID, by: int, reason: str | None = None) -> None:
    """Say that a waiting reading does not hold; it stays in Readings. Raises NoSuchProposal, Locked, NotYours."""
    visit = queries.encounter(session, encounter_id)
    drafting.mine(session, encounter_id, by)
    proposal = _one(waiting(session, visit), reading_id)
    _decide(session, proposal.reading_id, proposal.patient_id, Verdict.REJECTED, by, reason)
    drafting.tell(session, visit.patient_id)


def undo(session: Session, *, encounter_id: int, by: int) -> Draft:
    """Take the last batch back, and with it what was decided on the readings it brought. Raises Locked, NotYours."""
    draft = drafting.mine(session, encounter_id, by)
    kept = [one for one in draft.before or () if str(one["place"]).startswith(_READING)]
    visit = queries.encounter(session, encounter_id)
    ids = people.ids_of(session, visit.patient_id)
    draft = drafting.undo(session, encounter_id=encounter_id, by=by)
    for one in kept:
        reading_id = UUID(one["place"].removeprefix(_READING))
        shown = stored.one(session, reading_id)
        # filed to somebody else meanwhile: nothing of this patient's is left to take back
        if shown.patient_id in ids and shown.state == Verdict.ACCEPTED.value and one["was"] != shown.state:
            _decide(session, reading_id, shown.patient_id or 0, Verdict(one["was"]), by, "undone")
    return draft


def sided(values: Iterable[Put], side: Side) -> list[Put]:
    """The values of an eye nobody named, at the eye that was chosen; what is of no eye stays."""
    return [replace(put, place=_at(put.place, side)) for put in values]


def _at(place: Place, side: Side) -> Place:
    unnamed = place.side is Side.NONE and Side.NONE.value not in place.spec.eyes
    return place._replace(side=side) if unnamed else place


def exchanged(values: Sequence[Put]) -> list[Put]:
    """Both eyes exchanged, and remembered as such.

    The figures stay the instrument's (origin ``device``, the reading as source): nobody typed them. But it did not say
    them of this eye; so beside each stands, as ``device_value``, what it did say of this eye, ``""`` where it said
    nothing. Typing that back makes the value the instrument's own again. Monocular pupil distances change sides too.
    Prism is left out: which way its base points depends on the eye, so it is read off the reading and typed.
    The decision on the reading says ``eyes exchanged``.
    """
    said = {put.place: put.entered for put in values}
    turned = [replace(put, place=opposite(put.place)) for put in values if put.place.spec.kind is not Kind.PRISM]
    return [replace(put, device_value=_of_this_eye(put, said.get(put.place, ""))) for put in turned]


def _of_this_eye(put: Put, said: str) -> str | None:
    return None if said == put.entered else said


def opposite(place: Place) -> Place:
    """The same of the other eye; the place itself where it is of none."""
    for one, other in (("_right", "_left"), ("_left", "_right")):
        if place.side is Side.NONE and place.field.endswith(one):
            return place._replace(field=place.field.removesuffix(one) + other)
    return place._replace(side=_OTHER.get(place.side, place.side))


def _one(proposals: Iterable[Proposal], reading_id: UUID) -> Proposal:
    found = next((one for one in proposals if one.reading_id == reading_id), None)
    if found is None:
        raise NoSuchProposal(reading_id)
    return found


def _standing(proposal: Proposal, sides: Side | None, swap_eyes: bool, reason: str | None) -> list[Doubt]:
    """Doubts that what was said does not answer."""
    answered = {"no_side"} if sides in _OTHER else set()
    answered |= {"wrong_eye"} if swap_eyes else set()
    grave = [one for one in proposal.doubts if one.level is not Level.REMARK and one.code not in answered]
    return [one for one in grave if one.level is Level.REFUSE or not (reason or "").strip()]


def _clashes(values: Iterable[Put], sheet: Sheet) -> list[Doubt]:
    """Places that another eye's value would come to, and that hold something."""
    held = [put for put in values if put.place in sheet]
    return [doubt("taken", where=where(p.place), known=sheet[p.place].entered, found=p.entered) for p in held]


def _take(
    session: Session, encounter_id: int, values: Sequence[Put], accepted: Mapping[Proposal, str | None], by: int
) -> Draft:
    draft = drafting.put(session, encounter_id=encounter_id, values=values, by=by)
    before: list[dict[str, Any]] = list(draft.before or ())
    for proposal, why in accepted.items():
        was = Verdict.ACCEPTED if proposal.accepted else Verdict.PROPOSED
        before.append({"place": f"{_READING}{proposal.reading_id}", "was": was.value})
        if not proposal.accepted or why:
            _decide(session, proposal.reading_id, proposal.patient_id, Verdict.ACCEPTED, by, why)
    draft.before = before
    session.flush()
    drafting.tell(session, queries.encounter(session, encounter_id).patient_id)
    return draft


def _decide(session: Session, reading_id: UUID, patient_id: int, verdict: Verdict, by: int, why: str | None) -> None:
    try:
        deciding.decide(session, reading_id=reading_id, patient_id=patient_id, verdict=verdict, by=by, why=why)
    except NotFiled as refusal:
        raise NoSuchProposal(reading_id) from refusal
