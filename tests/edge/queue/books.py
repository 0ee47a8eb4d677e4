"""A store of four stations, its book, and moments of its day."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from edge.queue.day import Day
from edge.queue.deeds import Hand
from protocols.envelope.queue import Book, Door, Entry, Guest, Numbers, Offer, Part, Place
from protocols.queue.turns import Turn

HOLD = "ab" * 16
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # noon in Shanghai
RULE = Turn(appointments=2, of=3, lead_minutes=15, late_minutes=15, behind=3, calls=3, apart_s=20)
DESK, TESTS, DOCTOR, TILL = 1, 2, 3, 4
DOOR, OTHER = 31, 32  # the doctors' doors, numbers 3 and 4


def at(minutes=0.0):
    return f"{NOON + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def place(number, sort, *doors, **more):
    return Place(id=number, sort=sort, names={"en": sort.title(), "zh": "台"}, doors=list(doors), **more)


def door(number, label):
    return Door(id=number, names={"en": f"Room {label}", "zh": f"{label}号诊室"}, number=label)


PLACES = [
    place(DESK, "reception", door(11, 1)),
    place(TESTS, "check_up"),
    place(DOCTOR, "doctor", door(DOOR, 3), door(OTHER, 4), paid_first=True),
    place(TILL, "cashier", door(41, 9)),
]
OFFERS = [
    Offer(code="general", names={"en": "General", "zh": "普通"}, letter="A", first=DESK, fee=3000),
    Offer(code="quick", names={"en": "Quick", "zh": "快速"}, letter="B", first=TESTS, priority=1),
]


def lease(day, first, last, letter="A", given=None):
    return Numbers(day=day, letter=letter, first=first, last=last, given=first - 1 if given is None else given)


LEASES = [lease("2026-11-23", 960, 999), lease("2026-11-23", 990, 999, "B"), lease("2026-11-24", 960, 999)]


def part(number, station=DESK, state="waiting", minutes=0.0, **more):
    machine = "doctor" if station == DOCTOR else "counter"
    queued = {} if state == "planned" else {"queued_at": at(minutes)}
    return Part(id=number, station=station, machine=machine, state=state, since=at(minutes), **queued, **more)


def guest(number, *parts, minutes=0.0, **more):
    own = parts or (part(number * 10, minutes=minutes),)
    given = {"ticket": f"A{number:03}", "arrived_at": at(minutes)} | more
    return Guest(id=number, parts=list(own), **given)


def book(*guests, version=7, numbers=LEASES, **more):
    given = {"zone": "Asia/Shanghai", "day": "2026-11-23", "made_at": at(), "heading": "Pier"} | more
    return Book(
        **{"version": version, "rule": RULE, "currency": "CNY", "languages": ["zh", "en"], "places": PLACES},
        **{"offers": OFFERS, "numbers": list(numbers), "guests": list(guests)},
        **given,
    )


def took(told):
    return Entry(hold=HOLD, n=1, at=at(), what="took", version=told.version)


def held(*guests, **more):
    """A day that is held here."""
    told = book(*guests, **more)
    day = Day(told)
    day.apply(took(told))
    return day


def done(day, deed, *words, minutes=0.0, hand=None):
    """Do it, and what became of it."""
    entry = deed(day, at(minutes), hand or Hand(), *words)
    day.apply(entry)
    return entry


def become(day, told):
    """Another holding, with another book."""
    return Day(replace(told, version=told.version + 1), day.given)


def tickets(day, station, minutes=0.0):
    return [row.guest.ticket for row in day.line(station, at(minutes))]


def state(day, step, minutes=0.0):
    row = day.row(step, at(minutes))
    return row.part.state if row else None
