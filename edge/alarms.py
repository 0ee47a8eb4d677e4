"""What is wrong right now, each said once when it begins and once when it is over."""

import logging
import time
from collections.abc import Callable

log = logging.getLogger("emmetra.alarms")


class Alarms:
    """Sentences by code; ``on_change`` is called when one comes or goes."""

    def __init__(self) -> None:
        self._active: dict[str, str] = {}
        self._since: dict[str, float] = {}
        self.on_change: Callable[[], None] = lambda: None

    def ring(self, code: str, sentence: str) -> None:
        """Something is wrong: what, and what to do next."""
        if self._active.get(code) == sentence:
            return
        fresh = code not in self._active
        self._since.setdefault(code, time.time())
        self._active[code] = sentence
        if fresh:
            log.warning("%s: %s", code, sentence)
            self.on_change()

    def still(self, code: str) -> None:
        """It is over."""
        self._since.pop(code, None)
        if self._active.pop(code, None) is not None:
            log.info("%s: over", code)
            self.on_change()

    def __contains__(self, code: str) -> bool:
        return code in self._active

    def lines(self) -> list[str]:
        """For the birth: code and sentence."""
        return [f"{code}: {sentence}" for code, sentence in self._active.items()]

    def since(self, code: str) -> float:
        """When it began, in seconds since 1970. Raises KeyError for what is not wrong."""
        return self._since[code]

    def by_code(self) -> dict[str, str]:
        """For the status."""
        return dict(self._active)
