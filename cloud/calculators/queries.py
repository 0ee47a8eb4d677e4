"""Which rules and which editions a chain uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from cloud.calculators.choices import Kind, Switch
from cloud.calculators.models import Choice
from cloud.optics import registry
from cloud.optics.refraction import BadRefraction
from cloud.optics.rule import EDITION, Calculator, Derived
from cloud.optics.terms import OutOfLimits

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rules:
    """A chain's choices; what it has not chosen is as the catalogue has it."""

    switched: Mapping[str, bool]
    chosen: Mapping[str, str]

    def on(self, rule_id: str) -> bool:
        """Whether the chain uses this rule. Raises registry.NoSuchRule."""
        starts_on = registry.calculator(rule_id).entry.starts_on
        return self.switched.get(rule_id, starts_on)

    def edition(self, table: str) -> str | None:
        """The edition chosen for a table; None is the table's first."""
        return self.chosen.get(table)

    def ask(self, rule: Calculator[P, T], *args: P.args, **kwargs: P.kwargs) -> Derived[T] | None:
        """The rule's answer with the chain's edition; None when it is off or a value is none it can take."""
        if not self.on(rule.id):
            return None
        given: dict[str, Any] = dict(kwargs)
        if rule.entry.table:
            given.setdefault(EDITION, self.edition(rule.entry.table))
        try:
            return rule(*args, **given)
        except (OutOfLimits, BadRefraction, ArithmeticError):
            return None


def enabled(session: Session) -> Rules:
    """The chain's choices, in one query."""
    latest = select(Choice).ext(distinct_on(Choice.kind, Choice.name))
    latest = latest.order_by(Choice.kind, Choice.name, Choice.id.desc())
    found = session.scalars(latest).all()
    switched = {one.name: one.value == Switch.ON for one in found if one.kind == Kind.RULE}
    return Rules(switched, {one.name: one.value for one in found if one.kind == Kind.TABLE})


def history(session: Session, kind: Kind, name: str, limit: int = 20) -> Sequence[Choice]:
    """What was chosen for one rule or table, the newest first."""
    query = select(Choice).where(Choice.kind == kind, Choice.name == name)
    return session.scalars(query.order_by(Choice.id.desc()).limit(limit)).all()
