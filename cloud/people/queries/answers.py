"""What somebody agreed to, and whether and how they may be written to."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.people.choices import AlertKind, Channel, ConsentState, ContactKind, Purpose, Status, TimeOfDay
from cloud.people.models import Consent, Preference
from cloud.people.queries.patients import patient, whose
from cloud.people.queries.surroundings import alerts, contacts

REACHES = {
    Channel.SMS: (ContactKind.MOBILE,),
    Channel.PHONE: (ContactKind.MOBILE, ContactKind.PHONE),
    Channel.EMAIL: (ContactKind.EMAIL,),
    Channel.WECHAT: (ContactKind.WECHAT,),
    Channel.POST: (ContactKind.ADDRESS,),
}
# Of somebody who has moved on, only what is still running here.
_AFTER_MOVING = (Purpose.REMINDERS, Purpose.RESULTS)


def consents(session: Session, patient_id: int) -> Sequence[Consent]:
    """Every answer, the newest first."""
    query = select(Consent).where(Consent.patient_id.in_(whose(session, patient_id)))
    return session.scalars(query.order_by(Consent.at.desc(), Consent.id.desc())).all()


def standing(given: Sequence[Consent]) -> dict[tuple[str, str], Consent]:
    """The answer that holds for each purpose and channel, of answers that stand newest first."""
    return {(one.purpose, one.channel): one for one in reversed(given)}


def preferences(session: Session, patient_id: int) -> dict[str, Preference]:
    """The wish that holds for each purpose."""
    query = select(Preference).where(Preference.patient_id.in_(whose(session, patient_id)))
    return {one.purpose: one for one in session.scalars(query.order_by(Preference.at, Preference.id))}


def may_message(session: Session, patient_id: int, purpose: str, channel: str) -> bool:
    """Whether somebody may be written to for this over this channel: alive, here, willing. Raises NoSuchPatient."""
    return channel in _allowed(session, patient_id, purpose)


def channels_for(session: Session, patient_id: int, purpose: str) -> tuple[tuple[Channel, ...], TimeOfDay]:
    """Channels to try in this order, and when: allowed, reachable, wished-for ones first. Raises NoSuchPatient."""
    kinds = {one.kind for one in contacts(session, patient_id)}
    open_ = [way for way in _allowed(session, patient_id, purpose) if kinds & set(REACHES[way])]
    wish = preferences(session, patient_id).get(purpose)
    first = [Channel(way) for way in wish.channels if way in open_] if wish else []
    rest = [way for way in open_ if way not in first]
    return (*first, *rest), TimeOfDay(wish.time_of_day) if wish else TimeOfDay.ANY


def _allowed(session: Session, patient_id: int, purpose: str) -> list[Channel]:
    person = patient(session, patient_id)
    if person.status == Status.DECEASED or person.deceased_on is not None:
        return []
    if person.status == Status.MOVED and purpose not in _AFTER_MOVING:
        return []
    if any(alert.kind == AlertKind.DO_NOT_CONTACT for alert in alerts(session, patient_id)):
        return []
    holds = standing(consents(session, patient_id))
    return [way for way in Channel if _given(holds, purpose, way)]


def _given(holds: dict[tuple[str, str], Consent], purpose: str, channel: str) -> bool:
    answer = holds.get((purpose, channel))
    return answer is not None and answer.state == ConsentState.GIVEN
