"""The waitlist: time that came free is offered to whoever waits for such a time, and is had once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking import asking, entries, freeing, holding, letters, links, services
from cloud.booking.asking import Ask
from cloud.booking.choices import LIVE, By, Kind, Purpose, Stands, State, Wish
from cloud.booking.errors import BookingError, Gone, OfferOver, RanOut, WaitsAlready
from cloud.booking.models import Freed, Offer, Visit, Waiting
from cloud.kernel.clock import local, now
from cloud.schedule.choices import Channel, Who
from cloud.slots.day import first_real

KEPT_FOR = timedelta(minutes=15)
SOON = timedelta(hours=4)  # so near that it goes to several at once
SEVERAL = 3
QUIET = time(21), time(8)  # nobody has to answer within these, by the store's clock
WAITS = (Wish.OPEN, Wish.OFFERED)


@dataclass(frozen=True)
class Wanted:
    """What somebody waits for; empty accepts any. ``instead_of`` is a later visit that would be given up."""

    type_id: int
    stores: frozenset[int]
    since: date
    until: date
    resources: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    starts: int = 0
    ends: int = 1440
    priority: int = 0
    instead_of: int | None = None


def join(session: Session, patient_id: int, who: Who, wanted: Wanted) -> Waiting:
    """Wait. Raises WaitsAlready."""
    mine = select(Waiting.id).where(Waiting.patient_id == patient_id, Waiting.type_id == wanted.type_id)
    if session.scalars(mine.where(Waiting.state.in_(WAITS))).first() is not None:
        raise WaitsAlready
    waiting = Waiting(
        patient_id=patient_id,
        type_id=wanted.type_id,
        stores=sorted(wanted.stores),
        resources=sorted(wanted.resources),
        days=sorted(wanted.days),
        starts=wanted.starts,
        ends=wanted.ends,
        since=wanted.since,
        until=wanted.until,
        who=who,
        priority=wanted.priority,
        visit_id=wanted.instead_of,
    )
    session.add(waiting)
    session.flush()
    return waiting


def leave(session: Session, waiting: Waiting) -> None:
    """Wait no more; an open offer goes to the next."""
    for offer in session.scalars(select(Offer).where(Offer.waiting_id == waiting.id, Offer.state == Stands.OPEN)):
        decline(session, offer)
    waiting.state, waiting.ended_at = Wish.LEFT, now()
    session.flush()


def match(session: Session, freed: Freed) -> list[tuple[Offer, str]]:
    """Offer what came free to the first who waits for it; what is near goes to several, and the first claims it.

    The offers, each with the token of its link. Called once for each time that came free.
    """
    soon = freed.starts_at - now() < SOON
    made: list[tuple[Offer, str]] = []
    for waiting in _queue(session, freed):
        if len(made) < (SEVERAL if soon else 1):
            made += _try(session, waiting, freed, kept=not soon)
    for offer, token in made:
        letters.offered(session, offer, token)
    if made and soon:
        entries.note(session, Kind.WAITING, store_id=freed.store_id, patient_id=whose(session, made[0][0]).patient_id)
    session.delete(freed)
    session.flush()
    return made


def claim(session: Session, offer: Offer) -> Visit:
    """It becomes a visit, and a later one they had is given up, all or nothing. Raises OfferOver, Overlaps."""
    _swap(session, offer, Stands.CLAIMED)
    waiting = whose(session, offer)
    given_up = _given_up(session, waiting)
    if given_up is not None:
        services.turn(session, given_up, State.CANCELLED, by=None, through=By.PATIENT)
    visit = _taken(session, waiting, offer)
    offer.visit_id, offer.hold_id = visit.id, None
    waiting.state, waiting.ended_at = Wish.BOOKED, now()
    session.flush()
    entries.note(session, Kind.CLAIMED, store_id=offer.store_id, visit_id=visit.id, patient_id=visit.patient_id)
    return visit


def decline(session: Session, offer: Offer) -> None:
    """Not this time: it goes to the next, and they go on waiting. Raises OfferOver."""
    _swap(session, offer, Stands.DECLINED)
    _next(session, offer)


def over(session: Session, offer: Offer) -> None:
    """Nobody answered in time (``offers.lapsed``): the next is asked."""
    _next(session, offer)


def of_patient(session: Session, patient_id: int) -> list[Waiting]:
    """What somebody waits for."""
    mine = select(Waiting).where(Waiting.patient_id == patient_id, Waiting.state.in_(WAITS))
    return list(session.scalars(mine.order_by(Waiting.id)))


def of_store(session: Session, store_id: int) -> list[Waiting]:
    """Who waits for a time there, first in line first."""
    here = or_(Waiting.stores == [], Waiting.stores.contains([store_id]))
    query = select(Waiting).where(here, Waiting.state.in_(WAITS))
    return list(session.scalars(query.order_by(Waiting.priority.desc(), Waiting.at, Waiting.id)))


def _queue(session: Session, freed: Freed) -> Sequence[Waiting]:
    """Who might want it and was not offered it before, first in line first."""
    on = local(freed.starts_at, accounts.store(session, freed.store_id).zone).date()
    had = select(Offer.waiting_id).where(Offer.waiting_id.is_not(None), Offer.store_id == freed.store_id)
    had = had.where(Offer.shown_at >= freed.starts_at, Offer.shown_at < freed.ends_at)
    query = select(Waiting).where(Waiting.state == Wish.OPEN, Waiting.since <= on, Waiting.until >= on)
    query = query.where(or_(Waiting.stores == [], Waiting.stores.contains([freed.store_id])), Waiting.id.not_in(had))
    query = query.order_by(Waiting.priority.desc(), Waiting.at, Waiting.id)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _try(session: Session, waiting: Waiting, freed: Freed, kept: bool) -> list[tuple[Offer, str]]:
    """An offer of the first time within what came free that suits; none where there is none."""
    ask = _ask(waiting, freed.store_id)
    for at, ends_at in _suits(session, ask, waiting, freed):
        try:
            return [_offer(session, waiting, ask, at, ends_at, kept)]
        except BookingError:
            continue
    return []


def _suits(session: Session, ask: Ask, waiting: Waiting, freed: Freed) -> Iterator[tuple[datetime, datetime]]:
    zone = accounts.store(session, freed.store_id).zone
    on = local(freed.starts_at, zone).date()
    seen = asking.view(session, ask, on, on)
    if seen is None or (waiting.days and on.weekday() not in waiting.days):
        return
    before = _given_up(session, waiting)
    for at in asking.times(seen, on):
        clock = local(at, zone)
        ends = at + timedelta(minutes=seen.recipe.type.shown)
        inside = at < freed.ends_at and ends > freed.starts_at
        wished = waiting.starts <= clock.hour * 60 + clock.minute < waiting.ends
        if inside and wished and (before is None or at < before.shown_at):
            yield at, ends


def _offer(
    session: Session, waiting: Waiting, ask: Ask, at: datetime, ends_at: datetime, kept: bool
) -> tuple[Offer, str]:
    until = min(_answered_by(session, ask.store_id), at)
    hold_id = holding.keep(session, ask, at, f"waiting {waiting.id}", until)[0].id if kept else None
    where = {"store_id": ask.store_id, "type_id": ask.type_id, "waiting_id": waiting.id}
    offer = Offer(**where, hold_id=hold_id, shown_at=at, ends_at=ends_at, until=until)
    waiting.state = Wish.OFFERED
    session.add(offer)
    session.flush()
    return offer, links.make(session, Purpose.OFFER, offer_id=offer.id, until=until)


def _answered_by(session: Session, store_id: int) -> datetime:
    """A quarter of an hour from now; in the quiet hours, from their end."""
    zone, moment = accounts.store(session, store_id).zone, now()
    clock = local(moment, zone)
    if QUIET[1] <= clock.time() < QUIET[0]:
        return moment + KEPT_FOR
    morning = clock.date() + timedelta(days=clock.time() >= QUIET[0])
    return first_real(datetime.combine(morning, QUIET[1]), ZoneInfo(zone)) + KEPT_FOR


def _ask(waiting: Waiting, store_id: int) -> Ask:
    besides = frozenset({waiting.visit_id} if waiting.visit_id else ())
    wanted = frozenset(waiting.resources)
    return Ask(store_id, waiting.type_id, Who(waiting.who), Channel.ONLINE, besides=besides, wanted=wanted)


def _taken(session: Session, waiting: Waiting, offer: Offer) -> Visit:
    """Out of its hold; without one the first who comes has it. Raises OfferOver, Overlaps."""
    try:
        if offer.hold_id is not None:
            kept = holding.held_as(session, offer.hold_id)
            return services.book_held(session, kept, waiting.patient_id, channel=Channel.ONLINE)
        ask = _ask(waiting, offer.store_id)
        return services.book(session, ask, offer.shown_at, waiting.patient_id, channel=Channel.ONLINE)
    except (RanOut, Gone):
        raise OfferOver from None


def _given_up(session: Session, waiting: Waiting) -> Visit | None:
    mine = select(Visit).where(Visit.id == waiting.visit_id, Visit.state.in_(LIVE))
    return session.scalars(mine).first() if waiting.visit_id else None


def _swap(session: Session, offer: Offer, wanted: Stands) -> None:
    """Raises OfferOver."""
    open_ = update(Offer).where(Offer.id == offer.id, Offer.state == Stands.OPEN, Offer.until > now())
    if session.execute(open_.values(state=wanted).returning(Offer.id)).first() is None:
        raise OfferOver
    session.refresh(offer)


def _next(session: Session, offer: Offer) -> None:
    """They go on waiting, and the time is looked at anew; one that was kept for nobody was open to all anyway."""
    waiting = whose(session, offer)
    if waiting.state == Wish.OFFERED:
        waiting.state = Wish.OPEN
    if offer.hold_id is not None:
        holding.drop(session, [offer.hold_id])
        offer.hold_id = None
        freeing.note(session, offer.store_id, offer.shown_at, offer.ends_at)
    session.flush()


def whose(session: Session, offer: Offer) -> Waiting:
    """Who waits for what was offered."""
    return session.scalars(select(Waiting).where(Waiting.id == offer.waiting_id)).one()
