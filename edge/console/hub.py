"""What the console needs of the gateway."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from edge.alarms import Alarms
from edge.callers import Callers
from edge.console.pairing import Finder
from edge.console.testing import Cards
from edge.diagnostics.result import Result
from edge.queue import Clockwork


@dataclass(frozen=True)
class Hub:
    """``pin`` is the digest in force, ``status`` what it says of itself."""

    status: Callable[[], Awaitable[dict[str, Any]]]
    check: Callable[[str], Awaitable[list[Result]]]
    restart: Callable[[], None]
    language: Callable[[], str]
    pin: Callable[[], str | None]
    finder: Finder
    cards: Cards
    alarms: Alarms
    callers: Callers
    queue: Clockwork
