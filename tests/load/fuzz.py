"""Any bytes become readings or one clear refusal: ``python -m tests.load.fuzz --inputs 1000000 --seed 1``.

Every dialect gets its share of mutated transmissions: of every model's example, of what lies in tests/captures, and
of the real captures where they are on this machine. Whole, and in pieces. An input that raises, hangs, or gives a
reading that the cloud could not take is kept under ``tests/protocols/found`` and replayed by the tests for ever.
"""

import argparse
import functools
import hashlib
import importlib
import multiprocessing
import random
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from edge.discovery import Dialect, Manifest, dialect, families
from protocols.framing import Event, Garbled, Request, Transmission
from protocols.readings import from_json, to_json
from tests.load.mutations import mutated

ROOT = Path(__file__).parents[2]
FOUND = ROOT / "tests" / "protocols" / "found"
SAMPLES = ROOT.parent / "shared" / "samples" / "refraction"
HANGS_AFTER = 5  # seconds for one input, on a machine with other things to do
SHARE = 2000  # inputs a worker takes at a time


class Fault(AssertionError):
    """A dialect broke its promise."""


@contextmanager
def patience() -> Iterator[None]:
    """Raise Fault in what takes too long."""

    def over(_number: int, _frame: FrameType | None) -> None:
        raise Fault(f"no answer within {HANGS_AFTER} s")

    signal.signal(signal.SIGALRM, over)
    signal.alarm(HANGS_AFTER)
    try:
        yield
    finally:
        signal.alarm(0)


def named(family: str) -> Manifest:
    """The family of this name."""
    return next(one for one in families() if one.family == family)


@functools.cache
def seeds(family: str) -> tuple[bytes, ...]:
    """What instruments of this family really say."""
    manifest = named(family)
    name = manifest.dialect.split(".")[-1]
    room = importlib.import_module(f"firmware_sim.{name}")
    said = [room.example(model.model, model.kinds) for model in manifest.models]
    captures = [SAMPLES / capture for model in manifest.models for capture in model.captures]
    return tuple(dict.fromkeys([*said, *(path.read_bytes() for path in captures if path.is_file())]))


def judge(spoken: Dialect, data: bytes, luck: random.Random) -> None:
    """Raise whatever is wrong with how a dialect takes these bytes."""
    for event in [*spoken.decode(data), *_in_pieces(spoken, data, luck)]:
        _check(event)
    score = spoken.recognise(data).score
    if not 0 <= score <= 100:
        raise Fault(f"a recognition of {score}")


def _in_pieces(spoken: Dialect, data: bytes, luck: random.Random) -> list[Event]:
    decoder, events, at = spoken.Decoder(), list[Event](), 0
    while at < len(data):
        size = luck.choice((1, 7, 64, 1024, 16384))
        events += decoder.feed(data[at : at + size])
        at += size
        if luck.random() < 0.02:
            events += decoder.silence()
    return [*events, *decoder.silence()]


def _check(event: Event) -> None:
    match event:
        case Transmission(readings=readings):
            for reading in readings:
                if from_json(to_json(reading)) != reading:
                    raise Fault("a reading that changes on its way to the cloud")
        case Garbled(why=why, raw=raw, offset=offset):
            if not why or not 0 <= offset <= len(raw):
                raise Fault("a refusal without a reason or a place")
        case Request():
            pass


def share(task: tuple[str, int, int]) -> list[str]:
    """A worker's share of inputs for one family; answers with the names of what it found."""
    family, seed, count = task
    spoken, luck = dialect(named(family)), random.Random(f"{family} {seed}")
    return [name for _ in range(count) if (name := _tried(spoken, mutated(luck, seeds(family)), luck))]


def _tried(spoken: Dialect, data: bytes, luck: random.Random) -> str:
    try:
        with patience():
            judge(spoken, data, luck)
    except Exception as fault:
        return _kept(spoken.DIALECT, data, fault)
    return ""


def _kept(name: str, data: bytes, fault: Exception) -> str:
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}.bin"
    path.write_bytes(data)
    return f"{path.relative_to(ROOT)}: {type(fault).__name__}: {fault}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print what was found; 0 when nothing was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", help="only this one")
    args = parser.parse_args(argv)
    names = [one.family for one in families() if args.family in (None, one.family) and seeds(one.family)]
    each = -(-args.inputs // len(names))
    tasks = [(n, args.seed * 1_000_000 + at, min(SHARE, each - at)) for at in range(0, each, SHARE) for n in names]
    return _report(tasks, args.inputs)


def _report(tasks: list[tuple[str, int, int]], wanted: int) -> int:
    done, findings = 0, list[str]()
    with multiprocessing.get_context("spawn").Pool() as pool:
        for task, found in zip(tasks, pool.imap(share, tasks), strict=True):
            done, findings = done + task[2], findings + found
            print(f"\r{done:>9,} of {wanted:,} inputs, {len(findings)} findings", end="", file=sys.stderr, flush=True)
    print(f"\n{done:,} inputs over {len({task[0] for task in tasks})} dialects: {len(findings)} findings")
    print("\n".join(findings[:50]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
