"""A part of the log, as somebody far away asked for it."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from edge.refusals import OrderRefused

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LONGEST = 200
PATIENCE_S = 5.0
HEAD = re.compile(r"(\S+Z) (\w+) ")
# A pattern may take for ever; in a process of its own it can be ended, and it holds up no instrument.
SIEVE = "import re,sys;p=re.compile(sys.argv[1]);sys.stdout.writelines(l for l in sys.stdin if p.search(l))"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: from, until (both in the log's own form), at least this loud, with this pattern in it."""

    since: str = ""
    until: str = "~"
    level: str = "DEBUG"
    regex: str = ""

    @classmethod
    def of(cls, args: dict[str, Any]) -> "Asked":
        """From an order. Raises OrderRefused."""
        level = str(args.get("level", "debug")).upper()
        if level not in LEVELS:
            raise OrderRefused(f"level is one of {', '.join(LEVELS).lower()}")
        since, until = _moment(args, "since", ""), _moment(args, "until", "~")
        return cls(since, until, level, _pattern(args.get("regex", "")))


def _moment(args: dict[str, Any], key: str, otherwise: str) -> str:
    if args.get(key) in (None, ""):
        return otherwise
    try:
        at = datetime.fromisoformat(str(args[key]))
    except ValueError:
        raise OrderRefused(f"{key} is a time such as 2026-11-22T09:00:00Z") from None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _pattern(given: Any) -> str:
    try:
        if not isinstance(given, str) or len(given) > LONGEST:
            raise re.error("too long")
        re.compile(given)
    except re.error:
        raise OrderRefused(f"regex is a regular expression of at most {LONGEST} characters") from None
    return given


def picked(lines: Iterable[str], asked: Asked) -> list[str]:
    """The lines asked for. Raises OrderRefused when the pattern takes too long."""
    found = list(_in_time(lines, asked))
    return _sifted(found, asked.regex) if asked.regex and found else found


def _in_time(lines: Iterable[str], asked: Asked) -> Iterator[str]:
    loud = LEVELS[LEVELS.index(asked.level) :]
    for line in lines:
        head = HEAD.match(line)
        if head and head[2] in loud and asked.since <= head[1] < asked.until:
            yield line


def _sifted(lines: list[str], regex: str) -> list[str]:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", SIEVE, regex],
            input="\n".join(lines) + "\n",
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        raise OrderRefused("the regular expression takes too long; write a simpler one") from None
    return done.stdout.splitlines()
