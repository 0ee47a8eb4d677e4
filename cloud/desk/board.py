"""A store's day or week as a board: columns of slots with what stands in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cloud.booking import listing
from cloud.booking.listing import Held
from cloud.desk import axis, side
from cloud.desk.axis import Axis, Slot
from cloud.desk.background import Strip, span, strips
from cloud.desk.wording import Speaker, said
from cloud.people import queries as people
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Kind as Sort
from cloud.schedule.models import Resource, Type
from cloud.schedule.plan import Plan
from cloud.slots.day import Day
from cloud.slots.layers import Ground

SORTS = {"person": (Sort.PERSON,), "room": (Sort.ROOM, Sort.SEAT), "device": (Sort.DEVICE,)}
USUAL = (8 * 60, 18 * 60)  # minutes shown of a day on which nobody works


@dataclass(frozen=True)
class Card:
    """A part of a visit in somebody's column: rows ``first`` to before ``last``, segment ``number`` of ``count``."""

    id: int
    visit: Any
    patient: Any
    type: str
    colour: str
    starts_at: datetime
    ends_at: datetime
    first: int
    last: int
    number: int
    count: int
    main: bool
    overbooked: bool
    beside: tuple[str, ...]
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True)
class Cell:
    """One slot of one column; without ``at`` this day has no such time."""

    slot: Slot
    at: datetime | None
    cards: tuple[Card, ...]
    strips: tuple[Strip, ...]
    under: str  # the strip that covers it, in words
    covered: bool  # by a card that begins earlier


@dataclass(frozen=True)
class Column:
    """A resource's day."""

    resource: Resource
    day: Day
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """``count`` visits over all columns; ``long`` days have an hour twice, ``short`` ones lack one."""

    slots: tuple[Slot, ...]
    columns: tuple[Column, ...]
    axis: Axis
    count: int
    long: tuple[date, ...] = ()
    short: tuple[date, ...] = ()

    def at(self, row: int) -> datetime | None:
        """An instant of a row of slots, of the first day that has it twice where there is one."""
        there = [one for one in self.columns if one.cells[row].at]
        best = next((one for one in there if one.day.on in self.long), there[0] if there else None)
        return best.cells[row].at if best else None


@dataclass
class Around:
    """Everything that was read for a board."""

    plan: Plan
    speaker: Speaker
    visits: Sequence[Any]
    parts: Mapping[int, list[Any]]
    held: list[Held]
    patients: Mapping[int, Any]
    types: Mapping[int, Any]
    mains: dict[int, int] = field(default_factory=dict)


def read(session: Session, store_id: int, days: Sequence[date]) -> Around:
    """Schedule, visits and holds of some days that follow one another, in as many questions for three as for one."""
    plan = schedule.plan(session, store_id, days[0], days[-1])
    begins, ends = plan.day(days[0]).begins, plan.day(days[-1]).ends
    visits = listing.between(session, store_id, begins, ends)
    types = schedule.types(session)
    speaker = Speaker(plan, types=_names(types))
    return Around(
        plan,
        speaker,
        visits,
        listing.parts(session, [one.id for one in visits]),
        listing.held(session, plan.resources, begins, ends),
        people.named(session, {one.patient_id for one in visits}),
        types,
    )


def named_types(session: Session) -> dict[int, str]:
    """What types are called, by number."""
    return _names(schedule.types(session))


def _names(types: Mapping[int, Type]) -> dict[int, str]:
    return {one.id: said(one.names, one.code) for one in types.values()}


def build(around: Around, days: Sequence[date], resources: Sequence[Resource]) -> Board:
    """The board of these resources: days of one, or one day of many."""
    all_days = [around.plan.day(on) for on in days]
    rows = axis.of(all_days)
    pairs = [(one, day) for day in all_days for one in resources]
    grounds = [around.plan.ground(day, one.id) for one, day in pairs]
    cards = [_cards(around, one, day, rows.rows(day), resources) for one, day in pairs]
    first, last = _shown(rows, [(day, ground) for (_, day), ground in zip(pairs, grounds, strict=True)], cards)
    slots = tuple(rows.slots(first, last))
    columns = tuple(
        Column(
            one,
            day,
            _cells(
                slots, rows.rows(day), day, mine, strips(around.speaker, around.held, one, day, ground, rows.rows(day))
            ),
        )
        for (one, day), ground, mine in zip(pairs, grounds, cards, strict=True)
    )
    seen = {card.visit.id for mine in cards for card in mine}
    long = tuple(day.on for day in all_days if day.quanta > 288)
    return Board(slots, columns, rows, len(seen), long, tuple(day.on for day in all_days if day.quanta < 288))


def of_sort(plan: Plan, sort: str, days: Sequence[date]) -> list[Resource]:
    """Everybody of one sort who is there on some of these days, in the practice's order."""
    there = [one for one in plan.resources.values() if one.kind in SORTS[sort] and _there(one, days)]
    return sorted(there, key=lambda one: (one.place, one.name, one.id))


def _there(one: Resource, days: Sequence[date]) -> bool:
    return (one.active_from or date.min) <= days[-1] and days[0] <= (one.active_until or date.max)


def _cards(around: Around, resource: Resource, day: Day, rows: Sequence[int], shown: Sequence[Resource]) -> list[Card]:
    found = [
        _card(around, visit, part, day, rows, {one.id for one in shown})
        for visit in around.visits
        for part in around.parts.get(visit.id, ())
        if part.resource_id == resource.id and part.starts_at < day.ends and part.ends_at > day.begins
    ]
    found.sort(key=lambda card: (card.first, card.visit.id))
    placed = side.lanes([(card.first, card.last) for card in found])
    return [replace(card, lane=lane, lanes=lanes) for card, (lane, lanes) in zip(found, placed, strict=True)]


def _card(around: Around, visit: Any, part: Any, day: Day, rows: Sequence[int], shown: set[int]) -> Card:
    parts = around.parts[visit.id]
    main = around.mains.setdefault(visit.id, next(one.id for one in parts if one.resource_id in shown))
    segments = sorted({one.segment for one in parts})
    others = [around.speaker.name(one.resource_id) for one in parts if one.resource_id != part.resource_id]
    first, last = span(day, rows, part.starts_at, part.ends_at)
    kind = around.types[visit.type_id]
    return Card(
        id=part.id,
        visit=visit,
        patient=around.patients[visit.patient_id],
        type=said(kind.names, kind.code),
        colour=kind.colour,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        first=first,
        last=last,
        number=segments.index(part.segment) + 1,
        count=len(segments),
        main=part.id == main,
        overbooked=any(one.taken == "overbooked" for one in parts),
        beside=tuple(dict.fromkeys(others)),
    )


def _shown(rows: Axis, grounds: Sequence[tuple[Day, Ground]], cards: Sequence[Sequence[Card]]) -> tuple[int, int]:
    """From a full hour to a full hour: whatever anybody works, and every visit."""
    used = [rows.rows(day)[one] for day, ground in grounds for one in _ends(ground.open)]
    used += [row for mine in cards for card in mine for row in (card.first, card.last - 1)]
    first, last = (rows.marks[min(used)][0], rows.marks[max(used)][0] + 5) if used else USUAL
    return min([rows.row(first // 60 * 60), *used]), max([rows.row(-(-last // 60) * 60), *(one + 1 for one in used)])


def _ends(mask: int) -> tuple[int, ...]:
    return ((mask & -mask).bit_length() - 1, mask.bit_length() - 1) if mask else ()


def _cells(
    slots: Sequence[Slot], rows: Sequence[int], day: Day, cards: Sequence[Card], strips: Sequence[Strip]
) -> tuple[Cell, ...]:
    at = {row: quantum for quantum, row in enumerate(rows)}
    shown = [one for one in strips if one.last > slots[0].first and one.first < slots[-1].last]
    return tuple(
        Cell(
            slot,
            day.instant(at[slot.first]) if slot.first in at else None,
            tuple(card for card in cards if slot.first <= card.first < slot.last),
            tuple(
                _from(one, slot, slots[-1].last)
                for one in shown
                if slot.first <= max(one.first, slots[0].first) < slot.last
            ),
            next((one.words for one in shown if one.first <= slot.first and slot.last <= one.last), ""),
            any(card.first < slot.first < card.last for card in cards),
        )
        for slot in slots
    )


def _from(one: Strip, slot: Slot, end: int) -> Strip:
    """So much of a strip as is shown."""
    return replace(one, first=max(one.first, slot.first), last=min(one.last, end))


def week(on: date) -> list[date]:
    """Monday to Sunday."""
    monday = on - timedelta(days=on.weekday())
    return [monday + timedelta(days=number) for number in range(7)]
