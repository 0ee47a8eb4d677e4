"""Questions about pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from cloud.blobs.models import Blob, Upload
from cloud.imaging.choices import PICTURES, RULE, Kind, State
from cloud.imaging.errors import NoSuchPicture, NotDerived
from cloud.imaging.models import Mark, Original, Rendition
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.readings import queries as readings
from cloud.readings.errors import NoSuchReading
from cloud.readings.queries import Shown
from protocols.readings import Document, Image, kind

LONGEST_WORK = timedelta(minutes=8)  # after that whoever took it is dead


@dataclass(frozen=True, slots=True)
class Picture:
    """A reading that names a picture, and how far the picture is.

    ``received`` of ``said.blob.bytes`` have arrived while it is on its way; None where nothing has been heard of it.
    """

    shown: Shown
    said: Image | Document
    kept: bool
    received: int | None
    original: Original | None
    thumbnail: str | None

    @property
    def id(self) -> UUID:
        """The reading's."""
        return self.shown.id

    @property
    def at(self) -> datetime:
        """When it was taken, as well as that is known."""
        return self.shown.captured_at

    @property
    def eye(self) -> str | None:
        """``right``, ``left``, ``both``, or None where the instrument did not say."""
        return self.said.laterality

    @property
    def about(self) -> dict[str, Any]:
        """What was found out of it."""
        return (self.original.about if self.original else None) or {}

    @property
    def state(self) -> str:
        """``coming`` while its bytes are on their way, else how far its pictures are."""
        if not self.kept:
            return "coming"
        return self.original.state if self.original else State.DUE.value


def of_patient(
    session: Session, patient_id: int, *, before: UUID | None = None, limit: int = readings.PAGE, **narrowed: str | None
) -> list[Picture]:
    """A patient's pictures, newest first; ``eye`` and ``sort`` (``oct photo document``) narrow them.

    Raises NoSuchPatient.
    """
    page = readings.pictures(session, patient_id, before=before, limit=limit, **narrowed)
    return dressed(session, page)


def one(session: Session, patient_id: int, reading_id: UUID) -> Picture:
    """A picture of this patient. Raises NoSuchPatient, NoSuchPicture."""
    ids = people.ids_of(session, patient_id)
    found = anyones(session, reading_id)
    if found.shown.patient_id not in ids:
        raise NoSuchPicture(reading_id)
    return found


def anyones(session: Session, reading_id: UUID) -> Picture:
    """A picture, whoever's it is, or nobody's. Raises NoSuchPicture."""
    try:
        shown = readings.one(session, reading_id)
    except NoSuchReading:
        raise NoSuchPicture(reading_id) from None
    if kind(shown.reading) not in PICTURES:
        raise NoSuchPicture(reading_id)
    return dressed(session, [shown])[0]


def dressed(session: Session, page: Sequence[Shown]) -> list[Picture]:
    """Readings with what is known of the pictures they name; those that name none are left out."""
    said = [(one, one.reading) for one in page if isinstance(one.reading, Image | Document)]
    hashes = {told.blob.sha256 for _one, told in said}
    small = {told.thumbnail.sha256 for _one, told in said if isinstance(told, Image) and told.thumbnail}
    kept = set(session.scalars(select(Blob.sha256).where(Blob.sha256.in_(hashes | small))))
    coming = dict(_received(session, hashes - kept))
    originals = {one.sha256: one for one in session.scalars(select(Original).where(Original.sha256.in_(hashes)))}
    derived = _thumbnails(session, [one.id for one in originals.values()])
    return [
        Picture(
            shown=shown,
            said=told,
            kept=told.blob.sha256 in kept,
            received=coming.get(told.blob.sha256),
            original=(original := originals.get(told.blob.sha256)),
            thumbnail=derived.get(original.id if original else 0) or _brought(told, kept),
        )
        for shown, told in said
    ]


def _received(session: Session, hashes: set[str]) -> Iterator[tuple[str, int]]:
    query = select(Upload.sha256, Upload.received).where(Upload.sha256.in_(hashes))
    yield from ((row.sha256, row.received) for row in session.execute(query))


def _thumbnails(session: Session, ids: Sequence[int]) -> dict[int, str]:
    small = Rendition.original_id.in_(ids) & (Rendition.kind == Kind.THUMBNAIL.value)
    found = session.execute(select(Rendition.original_id, Rendition.sha256).where(small))
    return {row.original_id: row.sha256 for row in found}


def _brought(said: Image | Document, kept: set[str]) -> str | None:
    """The thumbnail that the gateway made, for as long as there is none of ours."""
    brought = getattr(said, "thumbnail", None)
    return brought.sha256 if brought and brought.sha256 in kept else None


def renditions(session: Session, original: Original | None) -> list[Rendition]:
    """Everything derived of an original, by kind and number."""
    if original is None:
        return []
    query = select(Rendition).where(Rendition.original_id == original.id)
    return list(session.scalars(query.order_by(Rendition.kind, Rendition.number)))


def rendition(session: Session, picture: Picture, wanted: Kind, number: int) -> Rendition:
    """One derived picture. Raises NotDerived."""
    if picture.original is None:
        raise NotDerived(wanted)
    this = (Rendition.kind == wanted.value) & (Rendition.number == number)
    found = session.scalars(select(Rendition).where(Rendition.original_id == picture.original.id, this)).first()
    if found is None:
        raise NotDerived(wanted)
    return found


def original(session: Session, original_id: int) -> Original:
    """An original by its number."""
    return session.get_one(Original, (current_tenant(), original_id))


def marks(session: Session, reading_id: UUID, *, standing: bool = True, hold: bool = False) -> list[Mark]:
    """Marks beside a picture, oldest first; with ``standing`` false those that were taken away too.

    ``hold`` waits for whoever is taking one of them away.
    """
    query = select(Mark).where(Mark.reading_id == reading_id).order_by(Mark.id)
    query = query.where(Mark.ended_at.is_(None)) if standing else query
    return list(session.scalars(query.with_for_update() if hold else query))


@dataclass(frozen=True, slots=True)
class Taken:
    """What blobs of one gateway (None: brought by none) and media type take; ``lately`` since a moment."""

    gateway_id: int | None
    media_type: str
    derived: bool
    count: int
    bytes: int
    lately: int


def taken(session: Session, since: datetime) -> list[Taken]:
    """What this chain's blobs take. ``derived`` are those that no gateway brought and that are no originals."""
    derived = Blob.gateway_id.is_(None) & Original.id.is_(None)
    size = func.sum(Blob.bytes)
    lately = func.coalesce(size.filter(Blob.kept_at >= since), 0)
    query = select(Blob.gateway_id, Blob.media_type, derived.label("derived"), func.count(), size, lately)
    joined = query.outerjoin(Original, Original.sha256 == Blob.sha256)
    rows = session.execute(joined.group_by(Blob.gateway_id, Blob.media_type, derived))
    return [Taken(*row[:3], *map(int, row[3:])) for row in rows]


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chain and original of what waits for the worker: the two oldest of every chain, the oldest first."""
    query = text("SELECT tenant_id, original_id FROM imaging_due(:before)")
    with outside(engine) as session:
        return [(row.tenant_id, row.original_id) for row in session.execute(query, {"before": now() - LONGEST_WORK})]


def older(engine: Engine) -> list[tuple[int, int]]:
    """Chain and original of one that an older rule derived, or nothing."""
    query = text("SELECT tenant_id, original_id FROM imaging_older(:today)")
    with outside(engine) as session:
        return [(row.tenant_id, row.original_id) for row in session.execute(query, {"today": RULE})]
