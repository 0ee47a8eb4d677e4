"""A store's schedule over some days, read once: every resource's hours as layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from cloud.schedule.choices import Effect, Turn
from cloud.schedule.models import Block, Dated, Resource, Rule
from cloud.slots import day, hours
from cloud.slots.day import Day
from cloud.slots.layers import Ground, Kind, Layer, Why

QUANTUM = 5  # minutes
Ours = TypeVar("Ours", Rule, Block)


@dataclass(frozen=True)
class Plan:
    """What stands fixed before anybody books. ``resources`` by id; rules and blocks of the store have no resource."""

    zone: str
    turn: str
    resources: Mapping[int, Resource]
    rules: tuple[Rule, ...]
    dated: tuple[Dated, ...]
    blocks: tuple[Block, ...]

    def day(self, on: date) -> Day:
        """A day of the store."""
        return day.of(on, self.zone)

    def ground(self, on: Day, resource_id: int) -> Ground:
        """A resource's day for any type of visit, before reservations."""
        one = self.resources[resource_id]
        closures = [_dated(found) for found in self.dated if found.store_id is None]
        found = hours.ground(on, one.id, self._hours(one.id), self._hours(None), closures)
        layers = (*found.layers, *self._inactive(on, one), *self._blocked(on, one.id))
        return Ground(found.whole, layers, found.open, turn_over(one, self.turn))

    def of_type(self, on: Day, resource_id: int, type_id: int) -> list[Layer]:
        """What is kept for other types, or blocked except for some."""
        kept = [
            _reserved(rule) for rule in self._of(self.rules, resource_id) if rule.effect in (Effect.ONLY, Effect.NOT)
        ]
        partly = [block for block in self._of(self.blocks, resource_id) if block.types and type_id not in block.types]
        return [*hours.for_type(on, type_id, kept, resource_id), *(_block(on, one, resource_id) for one in partly)]

    def _hours(self, resource_id: int | None) -> hours.Hours:
        weekly = (rule for rule in self.rules if rule.resource_id == resource_id and rule.effect == Effect.OPEN)
        dated = (one for one in self.dated if one.store_id is not None and one.resource_id == resource_id)
        return hours.Hours(tuple(map(_weekly, weekly)), tuple(map(_dated, dated)))

    def _blocked(self, on: Day, resource_id: int) -> list[Layer]:
        whole = [one for one in self._of(self.blocks, resource_id) if not one.types]
        rules = [
            one
            for one in self._of(self.rules, resource_id)
            if one.effect == Effect.BLOCKED and _weekly(one).holds(on.on)
        ]
        weekly = [Layer(on.window(one.starts, one.ends), Why(Kind.BLOCKED, one.id, resource_id)) for one in rules]
        return [*(_block(on, one, resource_id) for one in whole), *weekly]

    def _inactive(self, on: Day, one: Resource) -> list[Layer]:
        last = min(one.active_until or date.max, one.licensed_until or date.max)
        there = (one.active_from or date.min) <= on.on <= last
        return [] if there else [Layer(on.whole, Why(Kind.NOBODY, None, one.id))]

    def _of(self, found: tuple[Ours, ...], resource_id: int) -> list[Ours]:
        """Those of this resource and those of the whole store."""
        return [one for one in found if one.resource_id in (None, resource_id)]


def turn_over(one: Resource, turn: str) -> int:
    """The quanta a resource wants between two reservations."""
    return one.between // QUANTUM * (2 if turn == Turn.SUM else 1)


def _block(on: Day, block: Block, resource_id: int) -> Layer:
    return Layer(on.between(block.starts_at, block.ends_at), Why(Kind.BLOCKED, block.id, resource_id))


def _weekly(rule: Rule) -> hours.Weekly:
    return hours.Weekly(rule.id, frozenset(rule.days), (rule.starts, rule.ends), rule.since, rule.until, rule.parity)


def _dated(one: Dated) -> hours.Dated:
    return hours.Dated(one.id, one.on_date, tuple((start, end) for start, end in one.windows))


def _reserved(rule: Rule) -> hours.Reserved:
    return hours.Reserved(rule.id, _weekly(rule), frozenset(rule.types), rule.effect == Effect.ONLY)
