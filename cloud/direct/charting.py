"""Charts of people the practice does not know yet, made in the transaction of their first booking."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from cloud.direct import choosing
from cloud.direct.choices import Channel
from cloud.direct.doors import Shop
from cloud.direct.family import Member
from cloud.direct.models import Flow
from cloud.direct.told import Newcomer, Told
from cloud.people import consent_texts
from cloud.people import services as people
from cloud.people.choices import Channel as Reached
from cloud.people.choices import ConsentState, ContactKind, Method, PersonRole, Purpose, TieKind


def charted(session: Session, shop: Shop, flow: Flow, so_far: Told) -> dict[str, int]:
    """The numbers of everybody's charts, by name and in order; those of newcomers are made, once."""
    there = choosing.members(session, shop, flow)
    guardians = dict[tuple[str, str], int]()
    found = dict[str, int]()
    home = next(iter(there), None)
    for key in so_far.people:
        if not key.startswith("n"):
            found[key] = choosing.member(there, key).id
            continue
        if key in so_far.charts:
            found[key] = so_far.charts[key]
            continue
        one = choosing.newcomer(so_far, key)
        guardian = _guardian(session, shop, flow, one, there, guardians)
        found[key] = _registered(session, shop, flow, one, guardian)
        lives_with = home or guardian
        if lives_with is not None:
            people.join_household(session, found[key], lives_with, by=None)
        home = home or guardian or found[key]
        so_far.charts[key] = found[key]
    return found


def _registered(session: Session, shop: Shop, flow: Flow, one: Newcomer, guardian: int | None) -> int:
    """A chart of somebody new, with how they are reached, what they agreed to, and who answers for them."""
    patient_id = _chart(session, shop, flow, one.family, one.given, born=one.born, others=(one.email, one.phone))
    if guardian is not None:
        people.tie(session, patient_id, guardian, TieKind.GUARDIAN, by=None, may_consent=True, may_collect=True)
    _agree(session, patient_id, Purpose.CARE, "", ConsentState.GIVEN, guardian)
    channel = Reached.EMAIL if flow.channel == Channel.EMAIL else Reached.SMS
    state = ConsentState.GIVEN if one.reminders else ConsentState.REFUSED
    _agree(session, patient_id, Purpose.REMINDERS, channel, state, guardian)
    return patient_id


def _guardian(
    session: Session,
    shop: Shop,
    flow: Flow,
    one: Newcomer,
    there: dict[int, Member],
    made: dict[tuple[str, str], int],
) -> int | None:
    """Who answers for a child; the same new guardian of several children is one person."""
    if one.guardian is None:
        return None
    if one.guardian.person:
        return choosing.member(there, one.guardian.person).id
    name = one.guardian.family, one.guardian.given
    if name not in made:
        roles = [str(PersonRole.CUSTOMER), str(PersonRole.GUARDIAN)]
        made[name] = _chart(session, shop, flow, *name, roles=roles)
    return made[name]


def _chart(
    session: Session,
    shop: Shop,
    flow: Flow,
    family_name: str,
    given_name: str,
    *,
    born: date | None = None,
    roles: list[str] | None = None,
    others: Iterable[str] = (),
) -> int:
    patient = people.register(
        session,
        family_name=family_name,
        given_name=given_name,
        birth_date=born,
        language=flow.language,
        home_store_id=shop.store_id,
        roles=roles,
    )
    session.flush()
    kind = ContactKind.EMAIL if flow.channel == Channel.EMAIL else ContactKind.MOBILE
    proved = people.add_contact(session, patient.id, kind=kind, value=flow.contact, by=None, preferred=True)
    people.verify_contact(session, patient.id, proved.id, by=None)
    for value in filter(None, others):
        kind = ContactKind.EMAIL if "@" in value else ContactKind.MOBILE
        people.add_contact(session, patient.id, kind=kind, value=value, by=None)
    return patient.id


def _agree(
    session: Session, patient_id: int, purpose: Purpose, channel: str, state: ConsentState, guardian_id: int | None
) -> None:
    people.answer(
        session,
        patient_id,
        purpose=purpose,
        channel=channel,
        state=state,
        text_version=consent_texts.current(purpose),
        method=Method.SCREEN,
        by=None,
        given_by=guardian_id,
    )
