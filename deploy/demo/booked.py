"""The demo's practice: who works when, what can be booked, and visits of the next two weeks.

Everything through the services that a practice uses; the same again on the same day.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cloud.accounts.models import Store
from cloud.booking import asking, services
from cloud.booking.asking import Ask
from cloud.direct import opening
from cloud.direct.opening import Opening
from cloud.kernel.clock import local, now
from cloud.planning import hours, resources, terms, types
from cloud.planning.types import Stretch
from cloud.schedule.choices import Channel, Effect, Kind, Who
from cloud.slots.hours import Window

FILE = Path(__file__).with_name("practice.toml")
WEEKDAYS, SATURDAY = (0, 1, 2, 3, 4), (5,)
DAY = (540, 1080)
# Holidays of every year, so that the start need not work out a calendar.
FEASTS = {
    "PT": ((1, 1), (4, 25), (5, 1), (6, 10), (8, 15), (10, 5), (11, 1), (12, 1), (12, 25)),
    "CN": ((1, 1), (5, 1), (10, 1)),
}


@dataclass(frozen=True)
class Post:
    """Somebody or something of a store; ``email`` of a person with an account."""

    name: str
    kind: Kind
    skills: tuple[str, ...]
    email: str = ""
    days: tuple[int, ...] = (*WEEKDAYS, *SATURDAY)
    count: int = 1


@dataclass(frozen=True)
class Practice:
    """A store as it is founded. ``answers`` are what becomes of new and existing patients online."""

    country: str
    posts: tuple[Post, ...]
    types: tuple[str, ...]
    saturday: Window | None = (540, 780)
    lunch: Window = (780, 840)
    answers: Mapping[str, tuple[str, str]] | None = None


PIER = Practice(
    "PT",
    (
        Post("Dr Alice Moreau", Kind.PERSON, ("doctor", "children", "language:en"), "alice@harbour.example", WEEKDAYS),
        Post("陈 明", Kind.PERSON, ("doctor", "language:zh", "language:en"), "chen@harbour.example"),
        Post("Inês Duarte", Kind.PERSON, ("technician",)),
        Post("Nils Aalto", Kind.PERSON, ("optician",)),
        Post("Lane 1", Kind.ROOM, ("lane",)),
        Post("Lane 2", Kind.ROOM, ("lane",)),
        Post("Autorefractor", Kind.DEVICE, ("autorefractor",)),
        Post("Field analyser", Kind.DEVICE, ("perimeter",)),
        Post("OCT", Kind.DEVICE, ("oct",)),
        Post("Training place", Kind.SEAT, ("training",), days=(1, 3), count=3),
    ),
    ("examination", "examination-glasses", "check", "field-test", "contact-lenses", "child", "training", "urgent"),
    answers={"contact-lenses": ("request", "book"), "training": ("no", "book")},
)
TOWER = Practice(
    "PT",
    (
        Post("Dr Marta Reis", Kind.PERSON, ("doctor", "children", "language:en"), days=WEEKDAYS),
        Post("Tiago Cruz", Kind.PERSON, ("technician",), days=WEEKDAYS),
        Post("Lane 1", Kind.ROOM, ("lane",)),
        Post("Autorefractor", Kind.DEVICE, ("autorefractor",)),
    ),
    ("examination", "check", "child"),
    saturday=None,
    answers=dict.fromkeys(("examination", "check", "child"), ("request", "book")),
)
MILL = Practice(
    "CN",
    (
        Post(
            "Dr Charlie Finch",
            Kind.PERSON,
            ("doctor", "children", "language:en", "language:zh"),
            "charlie@hillside.example",
        ),
        Post("周 静", Kind.PERSON, ("technician",)),
        Post("Lane 1", Kind.ROOM, ("lane",)),
        Post("Autorefractor", Kind.DEVICE, ("autorefractor",)),
    ),
    ("examination", "check", "child", "urgent"),
)
# Which type somebody comes for, by turns, and at which of the times that are free, as parts of a hundred.
TURNS = (
    ("examination", 10),
    ("check", 35),
    ("examination-glasses", 55),
    ("field-test", 20),
    ("contact-lenses", 70),
    ("training", 40),
)
CHILD = 16  # years
# Numbers that ring nowhere (Ofcom's for plays), and the countries' emergency numbers.
DOORS = {
    "PT": Opening(phone="+44 20 7946 0124", emergency="112", accent="#7a3e9d"),
    "CN": Opening(phone="+44 20 7946 0125", emergency="120", accent="#b3261e"),
}
AHEAD = 14  # days


def chain(session: Session, country: str, wanted: Sequence[str], *, by: int) -> dict[str, int]:
    """The chain's types and policy; types by their short names."""
    terms.set_policy(session, None, {"country": country, "turn": "max", "hold_minutes": 7, "overlap": "deny"}, by=by)
    told = tomllib.loads(FILE.read_text())["type"]
    return {one["code"]: _type(session, one, by) for one in told if one["code"] in wanted}


def store(
    session: Session, place: Store, practice: Practice, kinds: Mapping[str, int], staff: Mapping[str, int], *, by: int
) -> None:
    """Who works there and when, and what can be booked; ``staff`` by address."""
    on = local(now(), place.zone).date()
    _hours(session, place.id, None, (*WEEKDAYS, *SATURDAY), practice, on, by)
    lunch = hours.Weekly(Effect.BLOCKED, WEEKDAYS, practice.lunch, on, why="Lunch")
    hours.begin(session, place.id, None, lunch, by=by)
    for post in practice.posts:
        told = {"kind": post.kind, "name": post.name, "skills": list(post.skills), "staff_id": staff.get(post.email)}
        for one in resources.add(session, place.id, told, by=by, count=post.count):
            _hours(session, place.id, one.id, post.days, practice, on, by)
    feast = _feast(practice.country, on)
    hours.set_day(session, place.id, None, feast, [], "Public holiday", by=by, first=on)
    answers = practice.answers or {}
    offered = {(kinds[code], Channel.ONLINE.value): answers.get(code, ("book", "book")) for code in practice.types}
    offered |= {(kinds[code], Channel.DESK.value): ("book", "book") for code in practice.types}
    terms.offer(session, place.id, offered, by=by)
    opening.put(session, place.id, DOORS[practice.country], by=by)


def visits(
    session: Session, place: Store, kinds: Mapping[str, int], patients: Sequence[tuple[int, date]], *, by: int
) -> int:
    """Visits of the next days, two or three a day; how many. ``patients`` are people with their dates of birth."""
    booked = 0
    first = local(now(), place.zone).date()
    for number in range(AHEAD):
        on = first + timedelta(days=number)
        for turn in range(2 + number % 2):
            who, born = patients[(number * 3 + turn) % len(patients)]
            code, share = TURNS[(number + turn * 2) % len(TURNS)]
            if on.year - born.year < CHILD:
                code = "child"
            at = _time(session, Ask(place.id, kinds[code], Who.EXISTING, Channel.DESK), on, share)
            if at is not None:
                ask = Ask(place.id, kinds[code], Who.EXISTING, Channel.DESK, born)
                services.book(session, ask, at, who, channel=Channel.DESK, booked_by=by)
                booked += 1
    return booked


def _type(session: Session, told: Mapping[str, Any], by: int) -> int:
    stretches = [_stretch(one) for one in told["segments"]]
    plain = ("code", "colour", "shown", "lead", "cut_off", "age_from", "age_to", "examinations", "hidden", "red_flags")
    said = {name: told[name] for name in plain if name in told}
    texts = {"names": told["name"], "preparation": told["prepare"], "policy": told.get("policy", {})}
    grid = {"kind": "clock", "every": told["every"], "offset": 0}
    return types.add(session, {**said, **texts, "grid": grid, "horizon": 90}, stretches, by=by).id


def _stretch(told: Mapping[str, Any]) -> Stretch:
    needs = tuple((skill, 1, None) for skill in told["needs"])
    lengths: tuple[tuple[int | None, str, int], ...] = ((None, "new", told["new"]),) if "new" in told else ()
    return Stretch(told["name"], told["minutes"], tuple(told["wait"]), needs, lengths)


def _hours(
    session: Session, store_id: int, whose: int | None, days: Sequence[int], practice: Practice, on: date, by: int
) -> None:
    for some, window in _week(days, practice):
        rule = hours.Weekly(Effect.OPEN, some, window, on)
        hours.begin(session, store_id, whose, rule, by=by)


def _week(days: Sequence[int], practice: Practice) -> Iterator[tuple[tuple[int, ...], Window]]:
    yield tuple(one for one in days if one in WEEKDAYS), DAY
    if practice.saturday and 5 in days:
        yield SATURDAY, practice.saturday


def _feast(country: str, on: date) -> date:
    """The next one after a day."""
    known = (date(on.year + later, month, number) for later in (0, 1) for month, number in FEASTS[country])
    return min(one for one in known if one > on)


def _time(session: Session, ask: Ask, on: date, share: int) -> datetime | None:
    seen = asking.view(session, ask, on, on)
    free = asking.times(seen, on) if seen else []
    return free[len(free) * share // 100] if free else None
