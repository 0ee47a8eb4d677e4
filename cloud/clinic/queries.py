"""Questions about examinations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from cloud.clinic import sheet
from cloud.clinic.choices import Act
from cloud.clinic.errors import NoSuchEncounter, NoSuchVersion, NotSigned
from cloud.clinic.models import Discard, Draft, Encounter, Entry, Episode, Observation, Presence, Version
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant

PAGE = 30
PRESENT = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Visit:
    """An encounter as a list shows it: its newest version and whether something is being written."""

    encounter: Encounter
    version: Version | None
    draft: Draft | None
    discarded: bool

    @property
    def state(self) -> str:
        """In one word: draft, amending, signed, amended, retracted or discarded."""
        if self.draft is not None:
            return "draft" if self.version is None else "amending"
        if self.version is not None:
            return self.version.act
        return "discarded" if self.discarded else "draft"


def encounter(session: Session, encounter_id: int) -> Encounter:
    """One encounter. Raises NoSuchEncounter."""
    found = session.get(Encounter, (current_tenant(), encounter_id))
    if found is None:
        raise NoSuchEncounter(encounter_id)
    return found


def visit(session: Session, encounter_id: int) -> Visit:
    """One encounter with how it stands. Raises NoSuchEncounter."""
    found = _visits(session, Encounter.id == encounter_id, limit=1)
    if not found:
        raise NoSuchEncounter(encounter_id)
    return found[0]


def visits(
    session: Session,
    patient_ids: Collection[int],
    *,
    before: int | None = None,
    limit: int = PAGE,
    where: ColumnElement[bool] | None = None,
) -> list[Visit]:
    """A patient's encounters, newest first; ``before`` pages on from one, ``where`` leaves others out."""
    asked: ColumnElement[bool] = Encounter.patient_id.in_(patient_ids)
    if where is not None:
        asked = and_(asked, where)
    if before is not None:
        since = encounter(session, before)
        earlier = or_(
            Encounter.began_at < since.began_at, and_(Encounter.began_at == since.began_at, Encounter.id < before)
        )
        asked = and_(asked, earlier)
    return _visits(session, asked, limit=limit)


def _visits(session: Session, asked: ColumnElement[bool], *, limit: int) -> list[Visit]:
    query = (
        select(Encounter, Version, Draft, Discard.id)
        .select_from(Encounter)
        .outerjoin(Version, (Version.encounter_id == Encounter.id) & newest())
        .outerjoin(Draft, Draft.encounter_id == Encounter.id)
        .outerjoin(Discard, Discard.encounter_id == Encounter.id)
        .where(asked)
        .order_by(Encounter.began_at.desc(), Encounter.id.desc())
        .limit(limit)
    )
    return [Visit(one, version, draft, gone is not None) for one, version, draft, gone in session.execute(query)]


def newest() -> ColumnElement[bool]:
    """Whether a version is the latest of its encounter, as part of another question."""
    later = aliased(Version)
    latest = select(func.max(later.number)).where(later.encounter_id == Version.encounter_id)
    return Version.number == latest.correlate(Version).scalar_subquery()


def draft(session: Session, encounter_id: int, *, lock: bool = False) -> Draft | None:
    """The open draft of an encounter."""
    query = select(Draft).where(Draft.encounter_id == encounter_id)
    return session.scalars(query.with_for_update() if lock else query).first()


def drafts_of(session: Session, author_id: int) -> Sequence[tuple[Draft, Encounter]]:
    """What somebody has begun and not signed, the longest untouched first."""
    query = select(Draft, Encounter).join(Encounter, Encounter.id == Draft.encounter_id)
    found = session.execute(query.where(Draft.author_id == author_id).order_by(Draft.saved_at)).all()
    return [(row[0], row[1]) for row in found]


def entries(session: Session, draft_id: int) -> Sequence[Entry]:
    """What a draft holds."""
    return session.scalars(select(Entry).where(Entry.draft_id == draft_id).order_by(Entry.place)).all()


def drafted(session: Session, draft_id: int) -> sheet.Sheet:
    """A draft, read."""
    return sheet.of_entries(entries(session, draft_id))


def versions(session: Session, encounter_id: int) -> Sequence[Version]:
    """Every signed state of an encounter, the first one first."""
    query = select(Version).where(Version.encounter_id == encounter_id)
    return session.scalars(query.order_by(Version.number)).all()


def standing(session: Session, encounter_id: int) -> Version:
    """The version that holds. Raises NotSigned, NoSuchEncounter."""
    version = visit(session, encounter_id).version
    if version is None or version.act == Act.RETRACTED.value:
        raise NotSigned(encounter_id)
    return version


def signed_states(session: Session, patient_ids: Collection[int], limit: int) -> Sequence[tuple[Encounter, Version]]:
    """Every version of every examination of these records with its examination, the oldest first."""
    query = select(Encounter, Version).join(Version, Version.encounter_id == Encounter.id)
    query = query.where(Encounter.patient_id.in_(patient_ids))
    order = (Encounter.began_at, Encounter.id, Version.number)
    return [(visit, version) for visit, version in session.execute(query.order_by(*order).limit(limit))]


def sheets(session: Session, version_ids: Collection[int]) -> dict[int, sheet.Sheet]:
    """Signed states by version, in one question; a version without values has none."""
    query = select(Observation).where(Observation.version_id.in_(version_ids))
    order = (Observation.element, Observation.n, Observation.field, Observation.side)
    rows: dict[int, list[Observation]] = {}
    for one in session.scalars(query.order_by(*order)):
        rows.setdefault(one.version_id, []).append(one)
    return {version: sheet.of_observations(held) for version, held in rows.items()}


def version_at(session: Session, encounter_id: int, moment: datetime) -> Version:
    """The state that held at a moment. Raises NoSuchVersion."""
    query = select(Version).where(Version.encounter_id == encounter_id, Version.signed_at <= moment)
    found = session.scalars(query.order_by(Version.number.desc()).limit(1)).first()
    if found is None:
        raise NoSuchVersion(encounter_id)
    return found


def signed(session: Session, version_id: int) -> sheet.Sheet:
    """A signed state, by place."""
    query = select(Observation).where(Observation.version_id == version_id)
    order = (Observation.element, Observation.n, Observation.field, Observation.side)
    return sheet.of_observations(session.scalars(query.order_by(*order)))


def recorded(
    session: Session, patient_ids: Collection[int], elements: Collection[str], *, before: datetime | None = None
) -> Sequence[tuple[Encounter, Observation]]:
    """What stands signed of these elements over all visits, newest visit first; retracted records are left out."""
    query = (
        select(Encounter, Observation)
        .select_from(Observation)
        .join(Version, (Version.id == Observation.version_id) & newest())
        .join(Encounter, Encounter.id == Observation.encounter_id)
        .where(Observation.patient_id.in_(patient_ids), Observation.element.in_(elements))
        .where(Version.act != Act.RETRACTED.value)
    )
    if before is not None:
        query = query.where(Encounter.began_at < before)
    # a visit stands on each of its rows; its layout would be read anew every time
    query = query.options(defer(Encounter.layout))
    found = session.execute(query.order_by(Encounter.began_at.desc(), Encounter.id.desc(), Observation.id))
    return [(row[0], row[1]) for row in found]


def last_recorded(
    session: Session, patient_ids: Collection[int], elements: Collection[str], *, before: datetime
) -> dict[str, datetime]:
    """When each of these elements was last signed, by its code."""
    query = (
        select(Observation.element, func.max(Encounter.began_at))
        .select_from(Observation)
        .join(Version, (Version.id == Observation.version_id) & newest())
        .join(Encounter, Encounter.id == Observation.encounter_id)
        .where(Observation.patient_id.in_(patient_ids), Observation.element.in_(elements))
        .where(Version.act != Act.RETRACTED.value, Encounter.began_at < before)
        .group_by(Observation.element)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def episodes(session: Session, patient_ids: Collection[int]) -> Sequence[Episode]:
    """A patient's episodes, the newest first."""
    query = select(Episode).where(Episode.patient_id.in_(patient_ids))
    return session.scalars(query.order_by(Episode.id.desc())).all()


def present(session: Session, patient_id: int, besides: int) -> Sequence[int]:
    """Who else has this patient's chart open just now."""
    fresh = Presence.seen_at > now() - PRESENT
    query = select(Presence.staff_id).where(Presence.patient_id == patient_id, Presence.staff_id != besides, fresh)
    return session.scalars(query.order_by(Presence.staff_id)).all()
