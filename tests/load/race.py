"""Many clients who want the same thing at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter


@dataclass
class Race:
    """What became of everybody: answers by their name, and how long each took, in seconds."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def slowest(self, share: float = 0.99) -> float:
        """What that share of the clients was faster than."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


def race(clients: int, want: Callable[[int], str]) -> Race:
    """Let ``clients`` threads begin together; each answers in a word, a fault by the name of its kind."""
    found, gate = Race(), threading.Barrier(clients)

    def run(number: int) -> tuple[str, float]:
        gate.wait()
        began = perf_counter()
        try:
            answer = want(number)
        except Exception as trouble:
            answer = type(trouble).__name__
        return answer, perf_counter() - began

    with ThreadPoolExecutor(clients) as pool:
        for answer, seconds in pool.map(run, range(clients)):
            found.answers[answer] += 1
            found.seconds.append(seconds)
    return found
