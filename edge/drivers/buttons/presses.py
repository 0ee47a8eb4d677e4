"""One press of a key, however often its contact bounces or the box repeats it."""

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

QUIET_S = 1.0  # a key that is heard again sooner is still the same press


@dataclass(frozen=True, slots=True)
class Pressed:
    """``key`` is what the configuration calls it (``next:room-3``); ``press`` is never the same twice."""

    key: str
    press: str = field(default_factory=lambda: uuid.uuid4().hex)


Tell = Callable[[Pressed], Awaitable[None]]


class Presses:
    """Keys by what a box says of them, and when each was last heard."""

    def __init__(self, keys: Mapping[int, str], now: Callable[[], float] = time.monotonic) -> None:
        self._keys, self._now = keys, now
        self._heard: dict[int, float] = {}

    async def heard(self, what: int, tell: Tell) -> None:
        """A key says that it is down; told once. Returns when that is on disk."""
        key, last, now = self._keys.get(what), self._heard.get(what), self._now()
        if key is None:
            return
        self._heard[what] = now
        if last is None or now - last >= QUIET_S:
            await tell(Pressed(key))


def keys(settings: Mapping[str, object], base: int, most: int) -> dict[int, str]:
    """``keys`` of the settings: what a box says, to what that means. Raises ValueError."""
    given = settings.get("keys")
    if not isinstance(given, Mapping) or not given:
        raise ValueError('keys is missing; write keys = { "31" = "next:room-3" }')
    found = {int(str(said), base): str(key) for said, key in given.items()}
    if not all(0 <= said <= most for said in found):
        raise ValueError(f"keys are from 0 to {most:{'x' if base == 16 else 'd'}}")
    return found
