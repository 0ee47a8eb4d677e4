"""What stands behind the visits: time that is not free, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cloud.booking.listing import Held
from cloud.desk.wording import Speaker
from cloud.schedule.choices import Effect
from cloud.schedule.models import Resource, Rule
from cloud.slots import bits
from cloud.slots.day import Day
from cloud.slots.layers import Ground, Kind
from cloud.web.times import clock

# What is drawn where several reasons meet, and how.
DRAWN = {
    Kind.CLOSED_CHAIN: "holiday",
    Kind.CLOSED_STORE: "holiday",
    Kind.BLOCKED: "blocked",
    Kind.NOBODY: "closed",
    Kind.EXCEPTION: "closed",
    Kind.STORE_HOURS: "closed",
    Kind.HOURS: "closed",
}


@dataclass(frozen=True)
class Strip:
    """Background: time that is not free, and why."""

    kind: str
    words: str
    first: int
    last: int


def strips(
    speaker: Speaker, held: Iterable[Held], one: Resource, day: Day, ground: Ground, rows: Sequence[int]
) -> list[Strip]:
    """Everything behind the visits of a resource's day; ``rows`` by quantum."""
    return [
        *_closed(speaker, ground, rows),
        *_kept(speaker, one, day, ground, rows),
        *_holds(speaker, held, one, day, rows),
    ]


def span(day: Day, rows: Sequence[int], starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
    """The first row of a time and the one beyond its last, so far as it lies in this day."""
    quanta = list(bits.places(day.between(starts_at, ends_at)))
    return rows[quanta[0]], rows[quanta[-1]] + 1


def _closed(speaker: Speaker, ground: Ground, rows: Sequence[int]) -> Iterator[Strip]:
    covered = 0
    for kind, drawn in DRAWN.items():
        for layer in ground.layers:
            if layer.why.kind == kind:
                words = speaker.told(layer.why)
                for start, end in bits.stretches(layer.taken & ~covered):
                    yield Strip(drawn, words, rows[start], rows[end - 1] + 1)
                covered |= layer.taken


def _kept(speaker: Speaker, one: Resource, day: Day, ground: Ground, rows: Sequence[int]) -> Iterator[Strip]:
    for rule in speaker.plan.rules:
        if rule.effect in (Effect.ONLY, Effect.NOT) and rule.resource_id in (None, one.id) and _holds_on(rule, day.on):
            for start, end in bits.stretches(day.window(rule.starts, rule.ends) & ground.free):
                yield Strip("kept", speaker.kept(rule), rows[start], rows[end - 1] + 1)


def _holds(speaker: Speaker, held: Iterable[Held], one: Resource, day: Day, rows: Sequence[int]) -> Iterator[Strip]:
    for kept in held:
        if kept.resource_id == one.id and kept.starts_at < day.ends and kept.ends_at > day.begins:
            words = speaker.held(clock(kept.until, speaker.plan.zone))
            yield Strip("held", words, *span(day, rows, kept.starts_at, kept.ends_at))


def _holds_on(rule: Rule, on: date) -> bool:
    known = (rule.since or date.min) <= on <= (rule.until or date.max)
    return known and on.weekday() in rule.days and rule.parity in (None, on.isocalendar().week % 2)
