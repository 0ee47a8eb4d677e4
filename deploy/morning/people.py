"""Who comes this morning, when, and as what: the same seed gives the same people.

An appointment's minutes are real ones, since the rule of the queue knows no other; the morning itself is compressed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

RECEPTION, CHECK_UP, DOCTOR, CASHIER = "reception", "check_up", "doctor", "cashier"
STATIONS = (RECEPTION, CHECK_UP, DOCTOR, CASHIER)
DOORS = {RECEPTION: 3, CHECK_UP: 3, DOCTOR: 6, CASHIER: 2}
WALK_IN, BOOKED, EMERGENCY = "general", "appointment", "green"
MANY = 100  # people, among whom some come at the last moment that is not too late
COMING = 0.6  # of the morning people come in; then those inside are seen
NO_SHOWS, FIRST, GREEN, BACK, EARLY = 15, 20, 60, 15, 40  # one of so many


@dataclass
class Person:
    """Somebody; ``due`` is their appointment in seconds from when they come, ``missing`` how many calls they miss."""

    number: int
    comes: float
    kind: str = WALK_IN
    due: float | None = None
    priority: int = 0
    missing: int = 0
    tests: bool = False
    ticket: str = field(default="", compare=False)

    @property
    def begins(self) -> str:
        """Their first station."""
        return DOCTOR if self.kind == EMERGENCY else RECEPTION


def coming(seed: int, count: int, seconds: float) -> list[Person]:
    """Everybody, by when they come."""
    luck = random.Random(seed)  # noqa: S311 - a play, no secret
    times = sorted(luck.uniform(0, COMING * seconds) for _ in range(count))
    people = [Person(number, at) for number, at in enumerate(times)]
    for one, wanted in zip(luck.sample(people, count), _sorts(count), strict=False):
        _become(one, wanted, luck, seconds)
    return people


def _sorts(count: int) -> Iterator[str]:
    """Of what there are how many; whoever is left over walks in."""
    for sort, one_of in (("missing", NO_SHOWS), ("first", FIRST), ("green", GREEN), ("back", BACK)):
        yield from [sort] * max(1, round(count / one_of))
    yield from ["early"] * max(1, round(count / EARLY))
    yield from ["late"] * max(1, count // 12)
    yield from ["just"] * (count // 24 if count >= MANY else 0)
    yield from ["booked"] * (count // 3)


def _become(one: Person, sort: str, luck: random.Random, seconds: float) -> None:
    """``just`` comes so late that another quarter of a minute would be too late."""
    due = {
        **{"early": 900 + luck.uniform(0.05, 0.3) * seconds, "late": -luck.uniform(16, 50) * 60},
        **{"just": -900 + luck.uniform(5, 15), "booked": luck.uniform(-9, 10) * 60},
    }
    if sort in due:
        one.kind, one.due = BOOKED, due[sort]
    elif sort == "green":
        one.kind, one.priority = EMERGENCY, 2
    one.priority = 1 if sort == "first" else one.priority
    one.missing = luck.choice((3, 3, 1)) if sort == "missing" else 0
    one.tests = sort == "back"
