"""What becomes of an alert: fires once, waits out a line that comes and goes, ends by itself. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Key = tuple[int, str, str]
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Condition:
    """Something is so at a gateway now: the rule it breaks, about what, and the facts of the sentence."""

    gateway_id: int
    store_id: int
    rule: str
    subject: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """There is one open alert for each."""
        return self.gateway_id, self.rule, self.subject


@dataclass(frozen=True, slots=True)
class Open:
    """An open alert: since when its condition is away, None while it is there."""

    key: Key
    calm_since: datetime | None = None


@dataclass(slots=True)
class Decision:
    """What is to be done, by key."""

    fire: list[Condition] = field(default_factory=list)
    calm: list[Key] = field(default_factory=list)
    returned: list[Key] = field(default_factory=list)
    resolve: list[Key] = field(default_factory=list)


def decide(
    standing: Collection[Open],
    seen: Mapping[Key, Condition],
    damping: Callable[[str], timedelta],
    held: Callable[[Key], bool],
    moment: datetime,
) -> Decision:
    """Compare what is open with what is so.

    ``damping`` is how long a rule's condition has to be away; ``held`` says of whom nothing can be known now.
    """
    known, found = {one.key for one in standing}, Decision()
    found.fire = [condition for key, condition in seen.items() if key not in known]
    for one in standing:
        if one.key in seen:
            found.returned += [one.key] if one.calm_since else []
        elif not held(one.key):
            _gone(found, one, damping(one.key[1]), moment)
    return found


def _gone(found: Decision, one: Open, wait: timedelta, moment: datetime) -> None:
    if moment - (one.calm_since or moment) >= wait:
        found.resolve.append(one.key)
    elif one.calm_since is None:
        found.calm.append(one.key)


def is_quiet(minute: int, begins: int, until: int) -> bool:
    """Whether a minute of the day lies in the quiet hours, which may pass midnight; equal ends mean none."""
    return (minute - begins) % DAY < (until - begins) % DAY
