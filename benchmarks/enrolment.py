"""From a claim to a reading in the record, and from revoking to disconnected: mosquitto, TLS 1.3, the real cloud.

``python -m benchmarks.enrolment`` prints a row for each; goals: at most 60 s and at most 2 s. The two minutes in which
the cloud itself starts are not counted.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.journeys.store import Box, Store, becomes, open_store, printed

GOALS = {"claim -> reading in the record": 60.0, "revoke -> disconnected": 2.0}


def claim_to_reading(store: Store, name: str) -> float:
    """The printed steps one after the other; what a person needs for typing is not in it."""
    started = time.monotonic()
    box = Box(store, name)
    box.run(store.claim(name))
    port = str(store.parts.dev / "lensmeter")
    with store.pressing("lensmeter"):
        box.run(printed("2. Name the instruments")[0], more=("--port", port), answers="y\ny\n")
    box.start()
    becomes(lambda: box.connected() and box.listening())
    reading = store.bench.print("lensmeter")
    becomes(lambda: store.arrived(reading.raw))
    took = time.monotonic() - started
    box.stop()
    return took


def revoke_to_disconnected(store: Store, name: str) -> float:
    """From the press of the button on the page until the gateway knows that it has no connection."""
    box = store.box(name)
    started = time.monotonic()
    store.press(name, "revoke", why="lost", remark="")
    becomes(lambda: not box.connected())
    took = time.monotonic() - started
    box.stop()
    return took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    deeds: dict[str, Callable[[Any, str], float]] = dict(
        zip(GOALS, (claim_to_reading, revoke_to_disconnected), strict=True)
    )
    with open_store() as store:
        for number, (what, deed) in enumerate(deeds.items()):
            took = [deed(store, f"bench-{number}-{run}") for run in range(runs)]
            worst, middle = max(took), statistics.median(took)
            print(f"{what:<34} median {middle:6.2f} s   worst {worst:6.2f} s   goal {GOALS[what]:g} s", flush=True)


if __name__ == "__main__":
    main()
