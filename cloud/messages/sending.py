"""One letter on its way: taken in hand in one transaction, handed over outside any, settled in another.

Between the two the row says ``sending``. Whoever finds it like that after its lease is over does not send it again:
nobody can know whether it arrived, and a person decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.ids import uuid7
from cloud.kernel.tenancy import current_tenant
from cloud.messages import making, models, office, rules, services, smtp, standing
from cloud.messages.choices import OPEN, Answer, Channel, State, Why
from cloud.messages.errors import Doubtful, Refused
from cloud.messages.letters import File, To
from cloud.messages.rules import Verdict

LEASE = timedelta(minutes=5)
BACKOFF = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240))
AWAY, GIVEN_UP = timedelta(minutes=1), timedelta(days=2)


@dataclass(frozen=True)
class Parcel:
    """An e-mail ready to be handed over; ``tries`` says which attempt this is."""

    letter_id: int
    tries: int
    recipient: str
    mail: EmailMessage


def deliver(engine: Engine, tenant_id: int, letter_id: int) -> State | None:
    """One attempt; what became of it, or None where another has it or nothing is due."""
    with unit_of_work(engine, tenant_id) as session:
        held = _take(session, letter_id)
        if held is None:
            return None
        if not isinstance(held, Parcel):
            return State(held.state)
    ours = office.of(engine)
    state, why, said = _handed(ours, held)
    with unit_of_work(engine, tenant_id) as session:
        return _settle(session, held, state, why, said)


def _handed(ours: office.Office, parcel: Parcel) -> tuple[State, str | None, str | None]:
    assert ours.server is not None  # noqa: S101  (without one there is no parcel)
    try:
        smtp.send(ours.server, ours.address, parcel.recipient, parcel.mail)
    except Refused as refusal:
        return State.WAITING if refusal.later else State.FAILED, refusal.why, refusal.said
    except Doubtful:
        return State.DOUBTFUL, Why.NOT_CONFIRMED, None
    return State.SENT, None, None


def _take(session: Session, letter_id: int) -> Parcel | models.Letter | None:
    """Decide about a letter. A parcel, where it goes over a network; the row, where that was already all."""
    due = select(models.Letter).where(models.Letter.id == letter_id, models.Letter.state.in_(OPEN))
    one = session.scalars(due.with_for_update(skip_locked=True)).first()
    if one is None or one.due_at > now():
        return None
    if one.state == State.SENDING:
        return _left_behind(session, one)
    verdict = rules.can_send(standing.known(session, one), now())
    services.note(session, one.id, verdict.answer, why=verdict.why, until=verdict.until)
    if verdict.answer != Answer.ALLOW:
        return _held_back(session, one, verdict)
    return _begun(session, one)


def _left_behind(session: Session, one: models.Letter) -> models.Letter | None:
    if one.lease_until is not None and one.lease_until > now():
        return None
    return _ended(session, one, State.DOUBTFUL, Why.NOT_CONFIRMED)


def _held_back(session: Session, one: models.Letter, verdict: Verdict) -> models.Letter:
    if verdict.answer == Answer.DEFER and verdict.until is not None:
        one.why, one.due_at = verdict.why, verdict.until
        session.flush()
        services.tell(session, one.store_id, one.id)
        return one
    return _ended(session, one, State.DENIED, verdict.why)


def _begun(session: Session, one: models.Letter) -> Parcel | models.Letter:
    ours, manner = office.here(session), standing.manner(session, one.store_id)
    one.message_id = one.message_id or f"<{uuid7()}@{ours.address.partition('@')[2] or 'emmetra.invalid'}>"
    one.tries, one.why, one.said = one.tries + 1, None, None
    try:
        made = making.page(one, manner, ours.public_url)
        if standing.provider(session, Channel(str(one.channel))) == "local":
            return _kept(session, one, made)
        mail = making.mail(one, made, manner, ours.address, _files(session, one.id))
    except ValueError:  # a word that is not given, a line break in an address
        return _ended(session, one, State.FAILED, Why.UNREADABLE)
    one.state, one.lease_until = State.SENDING, now() + LEASE
    one.due_at = one.lease_until
    services.note(session, one.id, "begun")
    return Parcel(one.id, one.tries, one.address, mail)


def _kept(session: Session, one: models.Letter, made: making.Page) -> models.Letter:
    """The local provider: what it is given lies on a page, in the same transaction."""
    body, subject = (made.text, "") if one.channel == Channel.PHONE else (making.plain(made), made.subject)
    told = {"channel": one.channel, "normalized": one.normalized, "subject": subject[:300], "body": body}
    session.add(models.Kept(letter_id=one.id, **told))
    return _ended(session, one, State.SENT, None)


def _settle(session: Session, parcel: Parcel, state: State, why: str | None, said: str | None) -> State | None:
    one = session.get(models.Letter, (current_tenant(), parcel.letter_id), with_for_update=True)
    if one is None or one.state != State.SENDING or one.tries != parcel.tries:
        return None  # somebody took it for dead meanwhile: what they decided stands
    one.said = said
    later = _later(one, why) if state == State.WAITING else None
    if state == State.WAITING and later is not None:
        one.state, one.why, one.due_at, one.lease_until = State.WAITING, why, later, None
        services.note(session, one.id, "failed", why=why, until=later)
        services.tell(session, one.store_id, one.id)
    else:
        _ended(session, one, State.FAILED if state == State.WAITING else state, why)
    return State(one.state)


def _later(one: models.Letter, why: str | None) -> datetime | None:
    """When to try again; None when that was enough. A server that is away is not the letter's fault."""
    if why == Why.SERVER_AWAY:
        one.tries -= 1
        return now() + AWAY if now() - one.at < GIVEN_UP else None
    return now() + BACKOFF[one.tries - 1] if one.tries <= len(BACKOFF) else None


def _ended(session: Session, one: models.Letter, state: State, why: str | None) -> models.Letter:
    one.state, one.why, one.ended_at, one.lease_until = state, why, now(), None
    services.note(session, one.id, state, why=why)
    if state in (State.DENIED, State.FAILED) and why not in (Why.TOO_LATE, Why.DECEASED, Why.DO_NOT_CONTACT):
        _pass_on(session, one)
    if state == State.SENT:
        one.secret = None
    session.flush()
    services.tell(session, one.store_id, one.id)
    return one


def _pass_on(session: Session, one: models.Letter) -> None:
    """The next way to the same person, as a letter of its own."""
    if not one.others:
        return
    to, rest = To(**one.others[0]), [To(**other) for other in one.others[1:]]
    copy = services.Letter(
        to=to,
        purpose=services.Purpose(one.purpose),
        template=one.template,
        words=one.words,
        key=f"{one.key}>{to.channel}{len(rest)}",
        patient_id=one.patient_id,
        store_id=one.store_id,
        about=one.about,
        at=now(),
        secret=one.secret or {},
        files=_files(session, one.id),
        until=one.until,
        others=tuple(rest),
        urgent=one.urgent,
    )
    services.write(session, copy)
    one.others, one.secret = [], None
    services.note(session, one.id, "passed_on")


def _files(session: Session, letter_id: int) -> tuple[File, ...]:
    found = select(models.Enclosure).where(models.Enclosure.letter_id == letter_id).order_by(models.Enclosure.id)
    return tuple(File(one.name, one.media_type, bytes(one.data)) for one in session.scalars(found))
