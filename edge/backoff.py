"""How long to wait before trying again: full jitter, doubling up to a cap."""

import random


class Backoff:
    """Waits drawn from 0 to a ceiling that doubles; ten thousand gateways must not come back in step."""

    def __init__(self, first: float = 1.0, cap: float = 60.0, rng: random.Random | None = None) -> None:
        self._first, self._cap = first, cap
        self._rng = rng or random.Random()  # noqa: S311 - jitter is no secret
        self.reset()

    def reset(self) -> None:
        """It worked."""
        self._ceiling = self._first

    def next(self) -> float:
        """Seconds to wait now; never quite nothing."""
        wait = max(0.05, self._rng.uniform(0, self._ceiling))
        self._ceiling = min(self._cap, self._ceiling * 2)
        return wait
