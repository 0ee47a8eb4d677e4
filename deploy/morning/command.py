"""``emmetra sim morning``: play a morning, judge it, say how it went."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import assets
from deploy.demo.children import DidNotStart
from deploy.morning.judge.verdict import Finding, judged
from deploy.morning.play import Morning, Wanted, opened

ABOUT = """
A compressed morning around the real cloud and gateway: people come with and without appointments, some do not answer
their calls, some are emergencies; four stations and six rooms call them. Once the store is without the internet and
goes on at the gateway's page, once the cloud's pages are killed. A judge holds paper, display, voice, screens and the
waiting-time report against the simulator's own log.
"""
SHOWN = 8  # faults of a kind


def main(argv: Sequence[str]) -> int:
    """0 where all held, 1 where something did not."""
    wanted, folder = _asked(argv)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))  # so that everything started is ended
    if folder is None:
        with TemporaryDirectory(prefix="emmetra-morning-") as made:
            return _run(Path(made), wanted)
    folder.mkdir(parents=True, exist_ok=True)
    return _run(folder.resolve(), wanted)


def _asked(argv: Sequence[str]) -> tuple[Wanted, Path | None]:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="emmetra sim morning", description=ABOUT, formatter_class=shape)
    parser.add_argument("--patients", type=int, default=120, help="how many people come (%(default)s)")
    parser.add_argument("--minutes", type=float, default=2.5, help="of the compressed morning (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same people again (%(default)s)")
    parser.add_argument("--data", type=Path, help="keep data and logs here, in a new folder")
    told = parser.parse_args(argv)
    return Wanted(told.patients, told.minutes, told.seed), told.data


def _run(folder: Path, wanted: Wanted) -> int:
    assets.main()
    print(f"morning: {wanted.people} people in {wanted.minutes:g} minutes, seed {wanted.seed} ...", flush=True)
    try:
        with opened(folder, wanted) as morning:
            morning.play()
            findings = verdict(morning)
    except DidNotStart as refusal:
        print(f"emmetra sim morning: {refusal}", file=sys.stderr)
        return 1
    return say(findings, wanted)


def verdict(morning: Morning) -> list[Finding]:
    """With the report as somebody at the desk downloads it."""
    desk = morning.sign_in("entrance")
    stations = desk.json("/api/v1/stations")["stations"]
    sorts = {name: one["sort"] for one in stations for name in one["names"].values()}
    return judged(morning, desk.page("/stations/report.csv"), sorts)


def say(findings: Sequence[Finding], wanted: Wanted) -> int:
    """A table, and each fault by name."""
    for one in findings:
        print(f"  {one.name:<44} {one.count:>5}   {'held' if not one.faults else f'{len(one.faults)} FAULTS'}")
    for one in findings:
        for fault in one.faults[:SHOWN]:
            print(f"  {one.name}: {fault}")
    wrong = sum(bool(one.faults) for one in findings)
    print(f"morning: {wanted.people} people, {f'{wrong} of {len(findings)} FAILED' if wrong else 'all held'}")
    return 1 if wrong else 0
