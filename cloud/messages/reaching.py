"""How somebody is reached by letter: their own addresses in the order they wish, else those of who answers for them."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.messages.choices import Channel
from cloud.messages.letters import To
from cloud.people import queries as people
from cloud.people.choices import Channel as Way
from cloud.people.choices import ContactKind, Purpose, TieKind
from cloud.people.names import HAN

CHANNELS = {Way.EMAIL: Channel.EMAIL, Way.SMS: Channel.PHONE}
KINDS = {Channel.EMAIL: ContactKind.EMAIL, Channel.PHONE: ContactKind.MOBILE}
ANSWERS_FOR = (TieKind.PARENT, TieKind.GUARDIAN)


def ways(session: Session, patient_id: int, purpose: Purpose = Purpose.REMINDERS) -> tuple[To, ...]:
    """Ways to somebody, the one to try first first; none where nothing is known. Raises NoSuchPatient.

    Whether a way may be used for a letter is asked when it is sent.
    """
    own = tuple(_of(session, patient_id, purpose))
    if own:
        return own
    others = people.relatives(session, patient_id)
    guardians = (one.other.id for one in others if not one.outward and one.tie.kind in ANSWERS_FOR)
    return tuple(way for guardian in guardians for way in _of(session, guardian, purpose))


def name(session: Session, patient_id: int) -> str:
    """What somebody is called in a letter: the name they prefer, else the given one; a Chinese name is whole."""
    one = people.patient(session, patient_id)
    if HAN.search(one.family_name):
        return f"{one.family_name}{one.given_name}"
    return one.preferred_name or one.given_name or one.family_name


def language(session: Session, patient_id: int) -> str:
    """What somebody reads, else what the chain speaks."""
    return people.patient(session, patient_id).language or accounts.chain_locale(session)


def _of(session: Session, patient_id: int, purpose: Purpose) -> Iterator[To]:
    wish = people.preferences(session, patient_id).get(purpose)
    wished = [CHANNELS[Way(one)] for one in wish.channels if one in CHANNELS] if wish else []
    contacts = people.contacts(session, patient_id)
    called, spoken = name(session, patient_id), language(session, patient_id)
    for channel in dict.fromkeys((*wished, *Channel)):
        for contact in contacts:
            if contact.kind == KINDS[channel]:
                yield To(channel, contact.value, called, spoken)
