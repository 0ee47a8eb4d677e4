"""Who may say and hear what, written as mosquitto writes it.

    user svc/ingest                      the lines below speak of this name …
    topic read o/v1/+/+/+/up/#
    topic write o/v1/+/+/+/down/ack
    pattern write o/v1/%u/up/#           … a pattern speaks of everybody, %u being the proven name,
    pattern read  o/v1/%u/down/#             %c the client id

``topic`` lines before the first ``user`` speak of clients without a name. What no line allows is denied;
``deny`` wins over everything.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.broker.topics import is_filter, matches, overlap

ACCESS = frozenset({"read", "write", "readwrite", "deny"})
_PLACEHOLDER = re.compile("%[uc]")
_REMEMBERED = 2_048

Levels = tuple[str, ...]


class BadRule(ValueError):
    """A line of the rules cannot be read; says which and why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: ``user`` is None for a pattern, which speaks of everybody."""

    access: str
    filter: str
    user: str | None = ""

    def speaks_of(self, user: str) -> bool:
        """Whether this line is about that name."""
        return self.user is None or self.user == user

    def levels(self, user: str, client: str) -> Levels | None:
        """The filter with its placeholders filled, None when they cannot be filled safely."""
        if self.user is not None:
            return tuple(self.filter.split("/"))
        if not _fills(self.filter, "%u", user) or not _fills(self.filter, "%c", client):
            return None
        # In one pass, so that a client calling itself "%u" does not become somebody else.
        return tuple(_PLACEHOLDER.sub(lambda found: {"%u": user, "%c": client}[found[0]], self.filter).split("/"))


@dataclass(slots=True)
class Permit:
    """What one client may do. Answers are remembered, within bounds."""

    reads: list[Levels] = field(default_factory=list)
    writes: list[Levels] = field(default_factory=list)
    denies: list[Levels] = field(default_factory=list)
    _known: dict[tuple[str, bool], bool] = field(default_factory=dict)

    def may_write(self, topic: str) -> bool:
        """Whether it may publish to this name."""
        return self._ask(topic, writing=True)

    def may_read(self, topic: str) -> bool:
        """Whether it may be sent what is published to this name."""
        return self._ask(topic, writing=False)

    def may_subscribe(self, plain: str) -> bool:
        """Whether the filter could ever bring it anything."""
        levels = plain.split("/")
        return any(overlap(levels, allowed) for allowed in self.reads)

    def _ask(self, topic: str, *, writing: bool) -> bool:
        known = self._known.get((topic, writing))
        return self._decide(topic, writing=writing) if known is None else known

    def _decide(self, topic: str, *, writing: bool) -> bool:
        levels = topic.split("/")
        allowed = any(matches(one, levels) for one in (self.writes if writing else self.reads))
        answer = allowed and not any(matches(one, levels) for one in self.denies)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[topic, writing] = answer
        return answer


class Everything(Permit):
    """The permit of a broker without rules."""

    def may_write(self, topic: str) -> bool:
        """Yes."""
        return True

    def may_read(self, topic: str) -> bool:
        """Yes."""
        return True

    def may_subscribe(self, plain: str) -> bool:
        """Yes."""
        return True


class Rules:
    """All the lines together."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._lines = tuple(rules)

    @classmethod
    def parse(cls, text: str) -> "Rules":
        """Read the text of a rules file. Raises BadRule with the number of the line."""
        lines: list[Rule] = []
        user = ""
        for number, line in enumerate(text.splitlines(), 1):
            word, _, rest = line.strip().partition(" ")
            if word == "user" and rest.strip():
                user = rest.strip()
            elif word and not word.startswith("#"):
                lines.append(_read(number, word, rest.strip(), user))
        return cls(lines)

    @classmethod
    def load(cls, path: str | Path) -> "Rules":
        """Read a rules file. Raises BadRule, OSError."""
        return cls.parse(Path(path).read_text(encoding="utf-8"))

    def permit(self, user: str, client: str) -> Permit:
        """What this client may do under this proven name; ``""`` is nobody in particular."""
        permit = Permit()
        for line in self._lines:
            levels = line.levels(user, client) if line.speaks_of(user) else None
            if levels is not None:
                _grant(permit, line.access, levels)
        return permit

    def __str__(self) -> str:
        """The lines as mosquitto's acl_file reads them."""
        named = sorted((rule for rule in self._lines if rule.user is not None), key=lambda rule: rule.user or "")
        lines: list[str] = []
        user: str | None = ""
        for rule in named:
            lines += [f"user {rule.user}"] * (rule.user != user)
            lines.append(f"topic {rule.access} {rule.filter}")
            user = rule.user
        lines += [f"pattern {rule.access} {rule.filter}" for rule in self._lines if rule.user is None]
        return "\n".join(lines) + "\n"


def _grant(permit: Permit, access: str, levels: Levels) -> None:
    if access == "deny":
        permit.denies.append(levels)
    if access in ("read", "readwrite"):
        permit.reads.append(levels)
    if access in ("write", "readwrite"):
        permit.writes.append(levels)


def _fills(pattern: str, placeholder: str, text: str) -> bool:
    # A name with a wildcard in it would read its neighbours; one that is empty or has edges of "/" would slip a level.
    return placeholder not in pattern or (all(text.split("/")) and "+" not in text and "#" not in text)


def _read(number: int, word: str, rest: str, user: str) -> Rule:
    if word not in ("topic", "pattern"):
        raise BadRule(f"line {number}: {word!r} is not one of user, topic, pattern")
    first, _, remainder = rest.partition(" ")
    access, text = (first, remainder.strip()) if first in ACCESS and remainder.strip() else ("readwrite", rest)
    if not is_filter(text):
        raise BadRule(f"line {number}: {text!r} is not a topic filter")
    return Rule(access, text, None if word == "pattern" else user)
