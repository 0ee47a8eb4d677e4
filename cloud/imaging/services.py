"""Every change to what is derived of a picture and to the marks beside it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.blobs import services as blobs
from cloud.imaging import queries, rules
from cloud.imaging.choices import DUE, MOST_MARKS, RULE, State, Why
from cloud.imaging.errors import NoSuchPicture, TooManyMarks
from cloud.imaging.models import Mark, Original, Rendition
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant

MOST_ATTEMPTS = 3
_WAKE = text(f"SELECT pg_notify('{DUE}', '')")


def ask(session: Session, sha256: str) -> None:
    """Let pictures be derived of a blob that no gateway brought; what a gateway brings is due by itself."""
    due = {"tenant_id": current_tenant(), "sha256": sha256, "state": State.DUE.value}
    session.execute(insert(Original).values(**due).on_conflict_do_nothing())
    session.execute(_WAKE)


def take(session: Session, original_id: int) -> Original | None:
    """Take in hand an original that is due or of an older rule; None when another worker has it.

    What was derived of it before stays until it is made anew.
    """
    waits = Original.state.in_((State.DUE, State.WORKING)) | (Original.rule < RULE)
    stale = Original.taken_at.is_(None) | (Original.taken_at < now() - queries.LONGEST_WORK)
    this = select(Original).where(Original.id == original_id, waits, stale)
    found = session.scalars(this.with_for_update(skip_locked=True)).first()
    if found is None:
        return None
    if found.attempts >= MOST_ATTEMPTS:  # whoever had it never came back
        end(session, found.id, Why.TOO_LARGE)
        return None
    found.state, found.rule, found.why, found.taken_at = State.WORKING.value, RULE, None, now()
    found.attempts += 1
    session.flush()
    return found


def keep(session: Session, original_id: int, told: Mapping[str, Any], data: bytes) -> Rendition:
    """Keep a derived picture in the place of the one before; ``told`` is the deriving process's line of it."""
    digest = blobs.put(session, data, told["media_type"])
    before = (Rendition.kind == told["kind"]) & (Rendition.number == told["number"])
    session.execute(delete(Rendition).where(Rendition.original_id == original_id, before))
    kept = Rendition(
        original_id=original_id,
        sha256=digest,
        bytes=len(data),
        **{name: told[name] for name in ("kind", "number", "media_type", "width", "height")},
    )
    session.add(kept)
    session.flush()
    return kept


def drop(session: Session, original_id: int, made: Container[tuple[str, int]]) -> None:
    """Throw away what an earlier time derived of an original and this time, all ``made``, did not."""
    before = session.scalars(select(Rendition).where(Rendition.original_id == original_id))
    for one in before:
        if (one.kind, one.number) not in made:
            session.delete(one)
    session.flush()


def learn(session: Session, original_id: int, about: Mapping[str, Any]) -> None:
    """What the deriving process found out, as soon as it has."""
    original = queries.original(session, original_id)
    original.about = dict(about)
    session.flush()
    tell(session, original)


def end(session: Session, original_id: int, why: Why | None = None) -> None:
    """All is derived, or (with ``why``) nothing more will be."""
    original = queries.original(session, original_id)
    original.state, original.why = (State.FAILED if why else State.READY).value, why.value if why else None
    original.ended_at, original.attempts, original.taken_at = now(), 0, None
    session.flush()
    tell(session, original)


def again(session: Session, picture: queries.Picture, *, by: int) -> None:
    """Ask for the pictures to be derived anew; nothing changes while that is under way. Raises NoSuchPicture."""
    if picture.original is None:
        raise NoSuchPicture(picture.id)
    if picture.original.state in (State.READY, State.FAILED):
        renew(session, picture)
        audit.note(session, by=by, verb="derived_again", kind="picture", subject=picture.id)


def renew(session: Session, picture: queries.Picture) -> None:
    """Let the worker derive the pictures by today's rule; those there are stay until theirs are made."""
    original = picture.original
    if original is not None:
        original.state, original.asked_at = State.DUE.value, now()
        session.flush()
        session.execute(_WAKE)


def mark(
    session: Session, reading_id: UUID, add: Sequence[Mapping[str, Any]], end: Iterable[int], *, frames: int, by: int
) -> list[Mark]:
    """Add marks to a picture of ``frames`` frames and take others away, all or nothing; those that stand then.

    Raises BadMark, TooManyMarks. A mark that is gone already stays gone.
    """
    added = [rules.mark(told, frames) for told in add]
    standing = {one.id: one for one in queries.marks(session, reading_id, hold=True)}
    if len(standing) + len(added) > MOST_MARKS:
        raise TooManyMarks(reading_id)
    gone = [standing[number] for number in dict.fromkeys(end) if number in standing]
    for one in gone:
        one.ended_by, one.ended_at = by, now()
    session.add_all(Mark(reading_id=reading_id, by=by, **told) for told in added)
    session.flush()
    if added or gone:
        counts = {"added": len(added), "ended": len(gone)}
        audit.note(session, by=by, verb="marked", kind="picture", subject=reading_id, **counts)
    return queries.marks(session, reading_id)


def looked(session: Session, picture: queries.Picture, *, verb: str, by: int) -> None:
    """Somebody opened a picture, read its header or took the original along."""
    audit.note(session, by=by, verb=verb, kind="picture", subject=picture.id, patient=picture.shown.patient_id)


def tell(session: Session, original: Original) -> None:
    """Pages that wait for this picture fetch it."""
    announce(session, Fact(topic="imaging.original", tenant_id=current_tenant(), subject=original.sha256))
