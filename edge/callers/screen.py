"""Screens on a wall: what a page on a television shows of the last calls, and what it answers."""

import asyncio
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from edge.callers.device import WITHIN_S, Declined, Did, Fault
from protocols.envelope.calls import Called

LAST = 6
FORGOTTEN_S = 6 * 3600.0  # a call of the morning does not stand there in the evening
HOLD_S = 20.0  # a page that asks is answered at the latest after so long
GONE_S = HOLD_S + 10.0  # without a question the page is closed
ASKERS = 8  # pages that may wait at once; more of them would keep people off the console


@dataclass(slots=True)
class Shown:
    """A call that was shown here; ``seen`` is done when a page has drawn it."""

    called: Called
    at: float = field(default_factory=time.time)
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    pushed: bool = False  # off the list by later ones, before a page has drawn it

    def told(self) -> dict[str, Any]:
        """As a page is told of it: nothing but what a wall may say."""
        one = self.called
        places = [one.place[language] for language in one.languages if language in one.place]
        return {
            "call": one.call,
            "turn": one.turn,
            "ticket": one.ticket,
            "who": one.who,
            "place": places or list(one.place.values())[:1],
            "asks": not self.seen.is_set(),
        }


class Screen:
    """The pages that show one list of calls."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.boot = uuid.uuid4().hex[:12]
        self._last: deque[Shown] = deque(maxlen=LAST)
        self._version, self._changed = 0, asyncio.Event()
        self._asked: float | None = None  # when a page last did
        self._askers = 0

    async def call(self, called: Called) -> Did:
        """Shown when a page has drawn it. Raises Fault."""
        shown = self._show(called)
        try:
            async with asyncio.timeout(WITHIN_S):
                await shown.seen.wait()
            if shown.pushed:
                raise Declined(f"So many were called at once that {self.name} did not show this call. Call again.")
        except TimeoutError:
            await self.look()
            raise Fault(f"The screen {self.name} is open but did not show the call. Load its page anew.") from None
        return Did("shown")

    async def look(self) -> None:
        """Whether a page is open. Raises Fault."""
        if not self.open:
            raise Fault(
                f"No screen is open for {self.name}. Open /screen/{self.name} of this gateway on the television."
            )

    @property
    def open(self) -> bool:
        """Whether a page asks here."""
        return self._asked is not None and time.monotonic() - self._asked < GONE_S

    @property
    def ever(self) -> bool:
        """Whether any has since this gateway began."""
        return self._asked is not None

    @property
    def crowded(self) -> bool:
        """Whether as many wait as may."""
        return self._askers >= ASKERS

    async def news(self, version: str) -> dict[str, Any]:
        """What is shown, once it is another than the page has, or after a while as it is."""
        self._asked = time.monotonic()
        self._askers += 1
        try:
            async with asyncio.timeout(HOLD_S):
                while version == self.version:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass
        finally:
            self._askers -= 1
            self._asked = time.monotonic()
        return self.shown()

    def shown(self) -> dict[str, Any]:
        """Now, the newest first."""
        fresh = [one for one in self._last if time.time() - one.at < FORGOTTEN_S]
        return {"version": self.version, "calls": [one.told() for one in reversed(fresh)]}

    @property
    def version(self) -> str:
        """Of what is shown; another gateway, or the same after a restart, has others."""
        return f"{self.boot}-{self._version}"

    def seen(self, call: str, turn: str) -> bool:
        """A page has drawn this turn of a call; whether there is one."""
        found = [one for one in self._last if (one.called.call, str(one.called.turn)) == (call, turn)]
        for one in found:
            one.seen.set()
        return bool(found)

    def let_go(self) -> None:
        """Answer every page that waits: the gateway ends."""
        self._version += 1
        self._changed.set()

    def _show(self, called: Called) -> Shown:
        """At the top; a call that stands there already moves up."""
        for old in [one for one in self._last if one.called.call == called.call]:
            self._last.remove(old)
        if len(self._last) == LAST and not (lost := self._last[0]).seen.is_set():
            lost.pushed = True
            lost.seen.set()
        self._last.append(shown := Shown(called))
        self._version += 1
        self._changed.set()
        return shown
