"""What somebody can do who holds a link: to a visit, to an offer, to a request. Each wants a transaction of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking import entries, finding, links, listing, requests, services, waiting
from cloud.booking.asking import Ask
from cloud.booking.choices import LIVE, By, Kind, Purpose, State
from cloud.booking.errors import LinkOver, TooLate
from cloud.direct import tables
from cloud.kernel.clock import local, now
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.schedule.choices import Channel, Who

AFTER = timedelta(days=1)  # how long a link outlives its visit
EARLY, LATE = timedelta(minutes=30), timedelta(minutes=60)  # around a visit's time, who holds its link may be here
REASONS = ("ill", "time", "elsewhere", "better", "other")


@dataclass(frozen=True)
class Choice:
    """A time one may choose, by its number."""

    id: int
    at: datetime


@dataclass(frozen=True)
class Look:
    """What a link shows: when and where, and what may be done now. Nothing of anybody's health.

    ``language`` is that of the person. ``state`` is the visit's, empty where there is none yet. ``near``: they may say
    that they are here.
    """

    purpose: Purpose
    store_id: int
    language: str | None
    at: datetime | None = None
    ends_at: datetime | None = None
    state: str = ""
    type_id: int | None = None
    may_confirm: bool = False
    may_change: bool = False
    late: bool = False
    until: datetime | None = None
    choices: tuple[Choice, ...] = ()
    wished: bool = False
    near: bool = False


def look(session: Session, token: str) -> Look:
    """What the link is for. Raises LinkOver."""
    link = links.find(session, token)
    if link.purpose == Purpose.MANAGE:
        return _visit_look(session, link)
    return _offer_look(session, link) if link.purpose == Purpose.OFFER else _request_look(session, link)


def _visit_look(session: Session, link: Any) -> Look:
    visit = _visit(session, link)
    ahead = visit.state in LIVE[:2] and visit.shown_at > now()
    late = services.is_late(session, visit)
    return Look(
        Purpose.MANAGE,
        visit.store_id,
        _language(session, visit.patient_id),
        at=visit.shown_at,
        ends_at=visit.ends_at,
        state=visit.state,
        type_id=visit.type_id,
        may_confirm=ahead and visit.state == State.BOOKED,
        may_change=ahead and not late,
        late=ahead and late,
        near=visit.state in LIVE and is_near(session, visit),
    )


def near(session: Session, visit: Any) -> tuple[datetime, datetime]:
    """From when until when somebody may say by their link that they are here; on no other day of the store's."""
    zone = accounts.store(session, visit.store_id).zone
    day = local(visit.shown_at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    begins, ends = (one.astimezone(UTC) for one in (day, day + timedelta(days=1)))
    return max(visit.shown_at - EARLY, begins), min(visit.shown_at + LATE, ends)


def is_near(session: Session, visit: Any) -> bool:
    """Whether it is about time."""
    begins, ends = near(session, visit)
    return begins <= now() <= ends


def _offer_look(session: Session, link: Any) -> Look:
    offer = listing.offer(session, link.offer_id)
    if offer.waiting_id is None:
        raise LinkOver
    whose = waiting.whose(session, offer)
    language = _language(session, whose.patient_id)
    return Look(
        Purpose.OFFER,
        offer.store_id,
        language,
        at=offer.shown_at,
        ends_at=offer.ends_at,
        type_id=offer.type_id,
        until=offer.until,
        wished=True,
    )


def _request_look(session: Session, link: Any) -> Look:
    request = listing.request(session, link.request_id)
    if request.state not in requests.WAITS:
        raise LinkOver
    language = _language(session, request.patient_id) if request.patient_id else (request.person or {}).get("language")
    choices = tuple(Choice(one.id, one.shown_at) for one in requests.times_of(session, request))
    until = min((one.until for one in requests.times_of(session, request)), default=None)
    return Look(Purpose.REQUEST, request.store_id, language, choices=choices, until=until, wished=True)


def file_of(session: Session, token: str) -> Any:
    """The visit of a link, for its calendar file. Raises LinkOver."""
    return _visit(session, _of(session, token, Purpose.MANAGE))


def confirm(session: Session, token: str) -> None:
    """They will come. Raises LinkOver, NoSuchMove."""
    visit = _visit(session, _of(session, token, Purpose.MANAGE))
    services.turn(session, visit, State.CONFIRMED, by=None, through=By.PATIENT)


def times(session: Session, token: str, first: date, last: date) -> dict[date, Sequence[datetime]]:
    """What the visit could be moved to. Raises LinkOver, TooLate."""
    return finding.times(session, _ask(session, _changeable(session, token)), first, last)


def next_day(session: Session, token: str, after: date) -> date | None:
    """The next day it could be moved to. Raises LinkOver, TooLate."""
    return finding.next_day(session, _ask(session, _changeable(session, token)), after)


def move(session: Session, token: str, at: datetime) -> str:
    """Another time, as a swap; the link was used, a new one takes its place.

    Raises LinkOver, TooLate, Gone, NotOffered, Overlaps.
    """
    link = _of(session, token, Purpose.MANAGE)
    visit = _changeable(session, token)
    links.use(session, link)
    new = services.move(session, visit, _ask(session, visit), at, by=None, through=By.PATIENT)
    entries.note(session, Kind.MOVED, store_id=new.store_id, visit_id=new.id, patient_id=new.patient_id)
    return _manage(session, new)


def cancel(session: Session, token: str, why: str) -> None:
    """They will not come; every link to the visit is over. Raises LinkOver, TooLate."""
    visit = _changeable(session, token)
    links.use(session, links.find(session, token))
    language = accounts.chain_locale(session)
    services.turn(session, visit, State.CANCELLED, by=None, through=By.PATIENT, why=tables.word(why, language))
    said = ((tables.word("why", language), tables.word(why, language)),)
    entries.note(
        session, Kind.CANCELLED, store_id=visit.store_id, visit_id=visit.id, patient_id=visit.patient_id, answers=said
    )


def claim(session: Session, token: str) -> str:
    """Take what was offered; the token of the visit's own link. Raises LinkOver, OfferOver, Overlaps."""
    link = _of(session, token, Purpose.OFFER)
    links.use(session, link)
    return _manage(session, waiting.claim(session, listing.offer(session, link.offer_id or 0)))


def choose(session: Session, token: str, offer_id: int) -> str:
    """One of the times that were proposed; the token of the visit's own link.

    Raises LinkOver, OfferOver, WishOver, Overlaps.
    """
    link = _of(session, token, Purpose.REQUEST)
    request = listing.request(session, link.request_id or 0)
    offer = next((one for one in requests.times_of(session, request) if one.id == offer_id), None)
    if offer is None:
        raise LinkOver
    links.use(session, link)
    return _manage(session, requests.choose(session, request, offer))


def decline(session: Session, token: str) -> None:
    """Not this time, or the wish taken back. Raises LinkOver, OfferOver, WishOver."""
    link = links.find(session, token)
    links.use(session, link)
    if link.purpose == Purpose.OFFER:
        waiting.decline(session, listing.offer(session, link.offer_id or 0))
    elif link.purpose == Purpose.REQUEST:
        requests.leave(session, listing.request(session, link.request_id or 0))
    else:
        raise LinkOver


def made(session: Session, visit_id: int) -> str:
    """A link to a visit."""
    return _manage(session, listing.one(session, visit_id))


def _manage(session: Session, visit: Any) -> str:
    return links.make(session, Purpose.MANAGE, visit_id=visit.id, until=visit.ends_at + AFTER)


def _of(session: Session, token: str, purpose: Purpose) -> Any:
    """A link that is for this. Raises LinkOver."""
    link = links.find(session, token)
    if link.purpose != purpose:
        raise LinkOver
    return link


def _visit(session: Session, link: Any) -> Any:
    """The visit as it stands now, wherever the practice has moved it."""
    visit = listing.one(session, link.visit_id)
    while visit.moved_to is not None:
        visit = listing.one(session, visit.moved_to)
    return visit


def _changeable(session: Session, token: str) -> Any:
    """A visit that the patient may still change. Raises LinkOver, TooLate."""
    visit = _visit(session, _of(session, token, Purpose.MANAGE))
    if visit.state not in LIVE[:2]:
        raise LinkOver
    if services.is_late(session, visit):
        raise TooLate
    return visit


def _ask(session: Session, visit: Any) -> Ask:
    born = people.patient(session, visit.patient_id).birth_date
    besides = frozenset({int(visit.id)})
    return Ask(visit.store_id, visit.type_id, Who(visit.who), Channel.ONLINE, born=born, besides=besides)


def _language(session: Session, patient_id: int) -> str | None:
    try:
        return people.patient(session, patient_id).language
    except NoSuchPatient:
        return None
