"""What is done with an answer to a text: confirmed, called off, opted out; everything else is for people to read."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.messages import models, replies, services, texts
from cloud.messages.choices import Meaning, Purpose, State

# What a room above does with an answer about something of its own: session, about, meaning; a word of the outcome.
Deed = Callable[[Session, str, Meaning], str]
STOPPED = [Purpose.CARE, Purpose.SERVICE, Purpose.MARKETING]
LONGEST, LOOKED_AT = 500, 20
TO_STAFF, STOPPED_NOW, STARTED = "to_staff", "stopped", "started"


def hear(session: Session, channel: str, address: str, body: str, deed: Deed, by: int | None = None) -> models.Reply:
    """Keep an answer and do what it says. ``by`` is who typed it in, where no network brought it."""
    normalized, said = services.compared(channel, address), replies.meaning(body)
    answered = _answered(session, channel, normalized)
    if said == Meaning.STOP:
        outcome = stop(session, channel, normalized)
    elif said == Meaning.START:
        outcome = start(session, channel, normalized)
    elif said == Meaning.OTHER or answered is None or answered.about is None:
        outcome = TO_STAFF
    else:
        outcome = deed(session, answered.about, said)
    told = {"channel": channel, "normalized": normalized, "meaning": said, "outcome": outcome, "by": by}
    reply = models.Reply(**told, body=body.strip()[:LONGEST], letter_id=answered.id if answered else None)
    session.add(reply)
    session.flush()
    audit.note(session, by=by, verb="answered", kind="letter", subject=reply.letter_id, meaning=said, outcome=outcome)
    store = answered.store_id if answered else None
    announce(session, Fact(topic="messages.reply", tenant_id=current_tenant(), store_id=store, subject=str(reply.id)))
    return reply


def stop(session: Session, channel: str, normalized: str) -> str:
    """Nothing more goes there, but what somebody asks for themselves and what their safety needs."""
    held = select(models.Suppression.id).where(_theirs(channel, normalized))
    if session.scalars(held).first() is None:
        purposes = [str(one) for one in STOPPED]
        session.add(models.Suppression(channel=channel, normalized=normalized, purposes=purposes, why="stop"))
        session.flush()
    return STOPPED_NOW


def start(session: Session, channel: str, normalized: str) -> str:
    """They want to hear from us again."""
    session.execute(update(models.Suppression).where(_theirs(channel, normalized)).values(ended_at=now()))
    return STARTED


def _theirs(channel: str, normalized: str) -> ColumnElement[bool]:
    one = models.Suppression
    return (one.channel == channel) & (one.normalized == normalized) & one.ended_at.is_(None)


def _answered(session: Session, channel: str, normalized: str) -> models.Letter | None:
    """The last letter there that asked for an answer."""
    one = models.Letter
    sent = select(one).where(one.channel == channel, one.normalized == normalized, one.state == State.SENT)
    recent = session.scalars(sent.order_by(one.ended_at.desc(), one.id.desc()).limit(LOOKED_AT)).all()
    asking = (row for row in recent if texts.text(row.template, row.version, row.language).asks)
    return next(asking, None)
