"""How long a dialect takes to read one transmission, and all of them to name it: ``python -m benchmarks.decoding``.

Every dialect reads the longest example of its models: median over runs. The peer in the same run is ``json.loads``
of the readings that came out,
which is about the least that work of this size can cost in Python.
"""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable

from deploy.instruments.dialects import candidates
from edge.discovery import Manifest, dialect, families
from protocols.framing import Transmission
from protocols.readings import to_json
from tests.load.fuzz import seeds


def median_us(work: Callable[[], object], runs: int) -> float:
    """The median of many runs in microseconds, the collector out of the way."""
    gc.disable()
    try:
        return statistics.median(_once(work) for _ in range(runs)) / 1000
    finally:
        gc.enable()


def _once(work: Callable[[], object]) -> int:
    began = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - began


def row(manifest: Manifest, runs: int) -> str:
    """One line of the table."""
    spoken, said = dialect(manifest), max(seeds(manifest.family), key=len)
    told = [to_json(r) for e in spoken.decode(said) if isinstance(e, Transmission) for r in e.readings]
    read = median_us(lambda: spoken.decode(said), runs)
    peer = median_us(lambda: [json.loads(one) for one in told], runs)
    named = median_us(lambda: candidates(said), max(3, runs // 40)) / 1000
    return f"{manifest.family:<20} {len(said):>7} B  {read:>9.1f} µs  peer {peer:>7.1f} µs  identified {named:>6.2f} ms"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    runs = parser.parse_args().runs
    for manifest in families():
        print(row(manifest, runs), flush=True)


if __name__ == "__main__":
    main()
