"""The long run: ``python -m tests.load.soak --readings 100000 --seed 1``."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from tests.load.killing import TROUBLES, Outcome, Plan, run

NAMES = {
    "gateway": "kills of a gateway",
    "broker": "kills of the broker, wiped",
    "ingest": "kills of ingest",
    "database": "kills of the database",
    "clock": "jumps of a clock",
    "disk": "full disks",
    "line": "lines gone silent",
    "update": "updates in mid-stream",
}
NOT_HERE = "left out: needs the right to mount"


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print a table; 0 when nothing was lost, doubled or out of order."""
    args = _parser().parse_args(argv)
    plan = Plan(
        readings=args.readings,
        seed=args.seed,
        durable=args.durable,
        hasty=args.hasty,
        pause=args.pause,
        rate=args.rate,
        settle=600.0,
    )
    outcome = asyncio.run(run(plan))
    print(table(plan, outcome))
    return 1 if outcome.findings.lost or outcome.findings.doubled or outcome.findings.wrong else 0


def table(plan: Plan, outcome: Outcome) -> str:
    """The summary."""
    found = outcome.findings
    lines = [
        ("seed", plan.seed),
        ("broker", "on disk, deleted at each kill" if plan.durable else "in memory, gone at each kill"),
        *((NAMES[kind], outcome.troubles[kind] if kind in outcome.possible else NOT_HERE) for kind in TROUBLES),
        ("readings called durable", found.safe),
        ("readings in the record", found.readings),
        ("  of them without receipt", found.without_receipt),
        ("lost", found.lost),
        ("doubled", found.doubled),
        ("seconds of printing", round(outcome.printing, 1)),
        ("seconds until all was in", round(outcome.settling, 1)),
    ]
    wrong = [f"WRONG: {sentence}" for sentence in found.wrong[:20]]
    return "\n".join([*(f"{name:<28} {value}" for name, value in lines), *wrong])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load.soak", description=__doc__)
    parser.add_argument("--readings", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--durable", action="store_true", help="keep the broker on disk and delete it at each kill")
    parser.add_argument("--hasty", action="store_true", help="let gateways wait shorter than in a store")
    parser.add_argument("--pause", type=float, default=8.0, metavar="SECONDS", help="between kills, at most")
    parser.add_argument("--rate", type=float, default=500.0, metavar="N", help="readings a second")
    return parser


if __name__ == "__main__":
    sys.exit(main())
