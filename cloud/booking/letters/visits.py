"""Letters about one visit. What it is for stands in none of them: whoever finds the telephone reads them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking import calendar, links
from cloud.booking.choices import Purpose as Link
from cloud.booking.models import Visit
from cloud.kernel.clock import now
from cloud.messages import reaching, services, spoken
from cloud.messages.services import Channel, File, Letter, Purpose, To
from cloud.schedule import queries as schedule

LADDER = Path(__file__).with_name("ladder.toml")
LINK_AFTER = timedelta(days=1)  # a link to a visit outlives it a little, for whoever comes late
STILL_OF_USE = timedelta(minutes=30)  # a reminder that could not go out until so shortly before is not sent any more


@dataclass(frozen=True)
class Known:
    """What all letters about one visit share."""

    ways: tuple[To, ...]
    words: dict[str, str]


def confirmed(session: Session, visit: Visit) -> None:
    """Tell that a visit is booked, with the file for the calendar; remind later."""
    if visit.shown_at <= now():
        return  # a walk-in is already here
    known = _known(session, visit)
    _tell(session, visit, known, "visit_confirmed", with_file=True)
    _remind(session, visit, known)


def moved(session: Session, old: Visit, new: Visit) -> None:
    """Tell the new time of a visit; nothing is told of the old one any more."""
    over(session, old)
    if new.shown_at <= now():
        return
    known = _known(session, new, old.shown_at)
    _tell(session, new, known, "visit_moved", with_file=True)
    _remind(session, new, known)


def cancelled(session: Session, visit: Visit) -> None:
    """Tell that a visit does not take place; one that is over is not told about."""
    over(session, visit)
    if visit.shown_at > now():
        _tell(session, visit, _known(session, visit), "visit_cancelled", with_file=True)


def another_time(session: Session, visit: Visit) -> None:
    """Tell that the practice cannot keep the time of a visit, with the way to another."""
    if visit.shown_at > now():
        _tell(session, visit, _known(session, visit), "visit_rebook")


def somebody_else(session: Session, visit: Visit, who: str, key: str) -> None:
    """Tell who will serve a visit whose time stays; once for each ``key``."""
    if visit.shown_at > now():
        known = _known(session, visit)
        _tell(session, visit, replace(known, words={**known.words, "who": who}), "visit_person", key=key)


def reminders(session: Session, visit: Visit) -> None:
    """Write the reminders, each to be sent when its time comes; they are withdrawn with the visit."""
    _remind(session, visit, _known(session, visit))


def over(session: Session, visit: Visit) -> None:
    """Somebody has come, or will not: what was still to be told about it is not told any more."""
    services.withdraw(session, about(visit))


def about(visit: Visit) -> str:
    """The name under which letters of a visit are found and withdrawn."""
    return f"visit:{visit.id}"


def rungs(shown_at: datetime, moment: datetime) -> Iterator[int]:
    """Minutes before a visit at which to remind, of one that is booked at ``moment``."""
    ladder = _ladder()
    for minutes in ladder["rungs"]:
        if shown_at - timedelta(minutes=minutes) >= moment + timedelta(minutes=ladder["apart"]):
            yield minutes


@cache
def _ladder() -> dict[str, Any]:
    versions = tomllib.loads(LADDER.read_text())
    newest: dict[str, Any] = versions[max(versions, key=int)]
    return newest


def _remind(session: Session, visit: Visit, known: Known) -> None:
    for minutes in rungs(visit.shown_at, now()):
        at, until = visit.shown_at - timedelta(minutes=minutes), visit.shown_at - STILL_OF_USE
        _tell(session, visit, known, "visit_reminder", key=f"{minutes}", at=at, until=until)


def _tell(
    session: Session,
    visit: Visit,
    known: Known,
    template: str,
    *,
    key: str = "",
    at: datetime | None = None,
    until: datetime | None = None,
    with_file: bool = False,
) -> None:
    services.write(
        session,
        Letter(
            to=known.ways[0] if known.ways else None,
            others=known.ways[1:],
            purpose=Purpose.CARE,
            template=template,
            words=known.words,
            secret={} if template == "visit_cancelled" or not known.ways else {"link": _link(session, visit)},
            key=":".join(filter(None, (about(visit), template, key))),
            patient_id=visit.patient_id,
            store_id=visit.store_id,
            about=about(visit),
            at=at,
            until=until,
            files=_files(session, visit, known.ways) if with_file else (),
        ),
    )


def _known(session: Session, visit: Visit, before: datetime | None = None) -> Known:
    ways = reaching.ways(session, visit.patient_id)
    language = ways[0].language if ways else reaching.language(session, visit.patient_id)
    store = accounts.store(session, visit.store_id)
    recipe = schedule.recipe(session, visit.type_id)
    preparation, policy = (recipe.type.preparation, recipe.type.policy) if recipe else ({}, {})
    words = {
        "when": spoken.when(visit.shown_at, store.zone, language),
        "before": spoken.when(before, store.zone, language) if before else "",
        "zone": spoken.zone(visit.shown_at, store.zone, language),
        "place": store.name,
        "patient": reaching.name(session, visit.patient_id),
        "preparation": spoken.text(preparation, language),
        "policy": spoken.text(policy, language),
    }
    return Known(ways, words)


def _link(session: Session, visit: Visit) -> str:
    token = links.make(session, Link.MANAGE, visit_id=visit.id, until=visit.ends_at + LINK_AFTER)
    return f"/b/{token}"


def _files(session: Session, visit: Visit, ways: tuple[To, ...]) -> tuple[File, ...]:
    mails = [one.value for one in ways if one.channel == Channel.EMAIL]
    if not mails:
        return ()
    made = calendar.invitation(session, visit, mails[0])
    return (File("appointment.ics", f"text/calendar; charset=utf-8; method={made.method}", made.data),)
