"""What is known of whoever a letter goes to, gathered for the rules."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.messages import office, rules, texts
from cloud.messages.choices import Channel, Purpose
from cloud.messages.models import Letter, Setting, Suppression
from cloud.messages.rules import Known, Quiet
from cloud.people import queries as people
from cloud.people.choices import AlertKind, Status
from cloud.people.choices import Channel as Way

WAYS = {Channel.EMAIL: Way.EMAIL, Channel.PHONE: Way.SMS}


@dataclass(frozen=True)
class Manner:
    """How a store writes: under which name, where answers go, when it is quiet."""

    sender: str
    reply_to: str
    quiet: Quiet


def manner(session: Session, store_id: int | None) -> Manner:
    """The store's own manner, else the chain's, else what stands without any."""
    rows = {one.store_id: one for one in session.scalars(select(Setting)) if one.store_id in (None, store_id)}
    found = rows.get(store_id) or rows.get(None)
    store = accounts.store(session, store_id) if store_id else None
    sender = (found.sender if found else "") or (store.name if store else accounts.chain_name(session))
    zone = store.zone if store else "UTC"
    quiet = Quiet(zone, found.quiet_from, found.quiet_to) if found else Quiet(zone, 21 * 60, 8 * 60)
    return Manner(sender, found.reply_to if found else "", quiet)


def known(session: Session, one: Letter) -> Known:
    """Everything that decides about a letter now."""
    purpose, channel = Purpose(one.purpose), Channel(str(one.channel))
    person = people.patient(session, one.patient_id) if one.patient_id else None
    alerts = people.alerts(session, one.patient_id) if one.patient_id else []
    quiet = manner(session, one.store_id).quiet
    return Known(
        purpose=purpose,
        quiet=quiet,
        suits=rules.unsuitable(wished_time(session, one.patient_id, purpose), quiet.zone),
        urgent=one.urgent,
        at_once=texts.text(one.template, one.version, one.language).at_once,
        until=one.until,
        opted_out=opted_out(session, channel, one.normalized, purpose),
        consent=consent(session, one.patient_id, purpose, channel),
        deceased=person is not None and (person.status == Status.DECEASED or person.deceased_on is not None),
        moved_away=person is not None and person.status == Status.MOVED,
        do_not_contact=any(alert.kind == AlertKind.DO_NOT_CONTACT for alert in alerts),
        provider=provider(session, channel) is not None,
    )


def consent(session: Session, patient_id: int | None, purpose: Purpose, channel: Channel) -> str | None:
    """The state of the answer that holds for such letters; None where nobody was asked."""
    asked = rules.consent_for(purpose)
    if asked is None or patient_id is None:
        return None
    held = people.standing(people.consents(session, patient_id)).get((asked, WAYS[channel]))
    return held.state if held else None


def wished_time(session: Session, patient_id: int | None, purpose: Purpose) -> str:
    """The time of day at which such letters suit somebody."""
    asked = rules.consent_for(purpose)
    wish = people.preferences(session, patient_id).get(asked) if asked and patient_id else None
    return wish.time_of_day if wish else "any"


def opted_out(session: Session, channel: Channel, normalized: str, purpose: Purpose) -> bool:
    """Whether whoever has this address wants no such letters."""
    held = select(Suppression.purposes).where(Suppression.channel == channel, Suppression.normalized == normalized)
    return any(purpose in purposes for purposes in session.scalars(held.where(Suppression.ended_at.is_(None))))


def provider(session: Session, channel: Channel) -> str | None:
    """What takes letters of this channel: ``smtp``, ``local``, or nothing."""
    ours = office.here(session)
    if channel == Channel.EMAIL and ours.server is not None:
        return "smtp"
    return "local" if ours.keeps(accounts.chain_slug(session)) else None
