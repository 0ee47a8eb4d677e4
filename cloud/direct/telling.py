"""What the practice's queue says of whoever came by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.direct import choosing, tables
from cloud.direct.choices import Channel
from cloud.direct.doors import Shop
from cloud.direct.family import Member
from cloud.direct.models import Flow
from cloud.direct.told import Newcomer, Told
from cloud.people import queries as people


@dataclass(frozen=True)
class About:
    """Whose chart it is if there is one, whether somebody is new, and pairs of what was asked and what was said."""

    patient_id: int | None
    new: bool
    answers: tuple[tuple[str, str], ...]


def about(session: Session, shop: Shop, flow: Flow, so_far: Told) -> About:
    """Who came, how they are reached, and what they answered; in the language of the chain."""
    there = choosing.members(session, shop, flow) if flow.verified_at else {}
    language = accounts.chain_locale(session)
    said = [("contact", flow.contact)]
    for key in so_far.people:
        said.append(("person", _named(so_far, there, key)))
        if key.startswith("n"):
            alike = _resembling(session, flow, choosing.newcomer(so_far, key))
            said += [("resembles", number) for number in alike]
    said += [("reason", so_far.reason)] if so_far.reason else []
    answers = [(tables.word(code, language), text) for code, text in said]
    first = so_far.people[0] if so_far.people else ""
    known = choosing.member(there, first).id if first.startswith("p") else None
    new = any(key.startswith("n") for key in so_far.people)
    return About(known, new, (*answers, *_flags(so_far, language)))


def _flags(so_far: Told, language: str) -> Iterator[tuple[str, str]]:
    """What was asked about red flags, and what was said."""
    for question in tables.red_flags()[1] if so_far.flags else ():
        said = so_far.flags.get(question.code)
        if said is not None:
            yield question.said(language), tables.word("yes" if said else "no", language)


def person(flow: Flow, so_far: Told) -> dict[str, str]:
    """Who asks, where there is no chart."""
    one = choosing.newcomer(so_far, so_far.people[0])
    email, phone = (flow.contact, one.phone) if flow.channel == Channel.EMAIL else (one.email, flow.contact)
    told = {"family": one.family, "given": one.given, "born": one.born.isoformat(), "email": email, "phone": phone}
    told["language"] = flow.language or ""
    if one.guardian and not one.guardian.person:
        told["guardian"] = f"{one.guardian.given} {one.guardian.family}"
    return {name: value for name, value in told.items() if value}


def _named(so_far: Told, there: dict[int, Member], key: str) -> str:
    if key.startswith("n"):
        one = choosing.newcomer(so_far, key)
        return f"{one.given} {one.family}".strip()
    return choosing.member(there, key).name


def _resembling(session: Session, flow: Flow, one: Newcomer) -> list[str]:
    """Record numbers of people who may be the same, for the staff alone; nobody is merged by a page."""
    email = flow.channel == Channel.EMAIL
    known = people.traits(
        family_name=one.family,
        given_name=one.given,
        birth_date=one.born,
        telephones=filter(None, ("" if email else flow.contact, one.phone)),
        emails=filter(None, (flow.contact if email else "", one.email)),
    )
    return [match.patient.record_number for match in people.likely(session, known)]
