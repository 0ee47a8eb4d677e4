"""Somebody asks for a visit: the desk books it, offers up to three times, or says no. Nothing is taken meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.booking import entries, holding, letters, links, services
from cloud.booking.asking import Ask
from cloud.booking.choices import Kind, Purpose, Stands, Wish
from cloud.booking.errors import NobodyKnown, OfferOver, RanOut, TooMany, WantsReason, WishOver
from cloud.booking.models import Offer, Request, Visit
from cloud.kernel.clock import now

ANSWERED_WITHIN = timedelta(hours=24)
KEPT_FOR = timedelta(hours=24)
MOST_TIMES = 3
WAITS = (Wish.OPEN, Wish.OFFERED)

Window = tuple[date, int, int]


@dataclass(frozen=True)
class Asked:
    """What somebody asks for. ``person`` says who they are where ``patient_id`` does not; see models.Request."""

    store_id: int
    type_id: int | None
    windows: tuple[Window, ...]
    reason: str | None = None
    patient_id: int | None = None
    person: dict[str, str] | None = None
    new: bool = False
    answers: tuple[tuple[str, str], ...] = ()


def ask(session: Session, asked: Asked) -> Request:
    """Write it down, on top of the desk's queue."""
    windows = [[on.isoformat(), first, last] for on, first, last in asked.windows]
    request = Request(
        store_id=asked.store_id,
        type_id=asked.type_id,
        patient_id=asked.patient_id,
        person=asked.person,
        windows=windows,
        reason=asked.reason,
        due_at=now() + ANSWERED_WITHIN,
    )
    session.add(request)
    session.flush()
    entries.note(
        session,
        Kind.REQUEST,
        store_id=asked.store_id,
        patient_id=asked.patient_id,
        request_id=request.id,
        due_at=request.due_at,
        new=asked.new,
        answers=asked.answers,
    )
    letters.asked(session, request)
    return request


def known_as(session: Session, request: Request, patient_id: int) -> None:
    """The desk has found out, or registered, who it is."""
    request.patient_id = patient_id
    session.flush()


def answer_with(session: Session, request: Request, ask: Ask, at: datetime, *, by: int) -> Visit:
    """Book it. Raises WishOver, NobodyKnown, Gone, NotOffered, Overlaps."""
    _lock(session, request)
    _drop_times(session, request)
    visit = services.book(session, ask, at, _patient(request), channel=ask.channel, reason=request.reason, booked_by=by)
    _become(session, request, Wish.BOOKED, by=by, visit_id=visit.id)
    return visit


def propose(session: Session, request: Request, ask: Ask, times: Sequence[datetime], *, by: int) -> list[Offer]:
    """Up to three times to choose from, each kept until then. Raises TooMany, WishOver, Gone, NotOffered."""
    if not 1 <= len(times) <= MOST_TIMES:
        raise TooMany(MOST_TIMES)
    _lock(session, request)
    _drop_times(session, request)
    _become(session, request, Wish.OFFERED, by=by)
    entries.answered(session, by=by, request_id=request.id)
    offers = [_offer(session, request, ask, at) for at in sorted(times)]
    letters.proposed(session, request, offers, link(session, request))
    return offers


def link(session: Session, request: Request) -> str:
    """A token with which the person chooses one of the times, or takes the wish back."""
    until = max((one.until for one in times_of(session, request)), default=request.due_at + KEPT_FOR)
    return links.make(session, Purpose.REQUEST, request_id=request.id, until=until)


def times_of(session: Session, request: Request) -> list[Offer]:
    """What the person may choose from now."""
    still = select(Offer).where(Offer.request_id == request.id, Offer.state == Stands.OPEN, Offer.until > now())
    return list(session.scalars(still.order_by(Offer.shown_at)))


def choose(session: Session, request: Request, offer: Offer) -> Visit:
    """The person takes one of the times; the others are free again. Raises OfferOver, WishOver, Overlaps."""
    _lock(session, request)
    session.refresh(offer)
    if offer.request_id != request.id or offer.hold_id is None or offer.state != Stands.OPEN:
        raise OfferOver
    try:
        kept = holding.held_as(session, offer.hold_id)
    except RanOut:
        raise OfferOver from None
    visit = services.book_held(session, kept, _patient(request), channel="online", reason=request.reason)
    offer.state, offer.hold_id, offer.visit_id = Stands.CLAIMED, None, visit.id
    _drop_times(session, request)
    _become(session, request, Wish.BOOKED, by=None, visit_id=visit.id)
    entries.note(session, Kind.CLAIMED, store_id=request.store_id, visit_id=visit.id, patient_id=visit.patient_id)
    return visit


def decline(session: Session, request: Request, *, by: int, why: str) -> None:
    """The practice cannot. Raises WantsReason, WishOver."""
    if not why.strip():
        raise WantsReason
    _lock(session, request)
    _drop_times(session, request)
    _become(session, request, Wish.DECLINED, by=by, why=why)
    letters.declined(session, request)


def leave(session: Session, request: Request) -> None:
    """The person takes it back. Raises WishOver."""
    _lock(session, request)
    _drop_times(session, request)
    _become(session, request, Wish.LEFT, by=None)


def over(session: Session, offer: Offer) -> None:
    """Nobody chose this time; after the last of them the request is the desk's again, on top of its queue."""
    request = session.scalars(select(Request).where(Request.id == offer.request_id)).one()
    offer.hold_id = None
    session.flush()
    if request.state == Wish.OFFERED and not times_of(session, request):
        _become(session, request, Wish.OPEN, by=None)
        entries.note(
            session,
            Kind.REQUEST,
            store_id=request.store_id,
            patient_id=request.patient_id,
            request_id=request.id,
            due_at=now() + ANSWERED_WITHIN,
        )


def _offer(session: Session, request: Request, ask: Ask, at: datetime) -> Offer:
    until = min(at, now() + KEPT_FOR)
    kept, _token = holding.keep(session, ask, at, f"request {request.id}", until)
    where = {"store_id": ask.store_id, "type_id": ask.type_id, "request_id": request.id}
    offer = Offer(**where, hold_id=kept.id, shown_at=at, ends_at=kept.ends_at, until=until)
    session.add(offer)
    session.flush()
    return offer


def _lock(session: Session, request: Request) -> None:
    """Whoever else answers it waits here, before anything else is touched. Raises WishOver."""
    mine = select(Request).where(Request.id == request.id).execution_options(populate_existing=True)
    if session.scalars(mine.with_for_update()).one().state not in WAITS:
        raise WishOver


def _drop_times(session: Session, request: Request) -> None:
    mine = select(Offer).where(Offer.request_id == request.id, Offer.state == Stands.OPEN)
    offers = session.scalars(mine).all()
    holding.drop(session, [one.hold_id for one in offers if one.hold_id])
    for one in offers:
        one.state, one.hold_id = Stands.OVER, None
    session.flush()


def _become(
    session: Session,
    request: Request,
    wanted: Wish,
    *,
    by: int | None,
    visit_id: int | None = None,
    why: str | None = None,
) -> None:
    """By compare and swap: a request is answered once. Raises WishOver."""
    ended = None if wanted in WAITS else now()
    told = {"state": wanted, "by": by, "visit_id": visit_id, "why": why, "ended_at": ended}
    waits = update(Request).where(Request.id == request.id, Request.state.in_(WAITS))
    if session.execute(waits.values(**told).returning(Request.id)).first() is None:
        raise WishOver
    session.refresh(request)
    if ended is not None:
        entries.answered(session, by=by, request_id=request.id)


def _patient(request: Request) -> int:
    if request.patient_id is None:
        raise NobodyKnown
    return request.patient_id
