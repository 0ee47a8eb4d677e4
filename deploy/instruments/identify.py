"""``emmetra identify``: which dialects could have produced these bytes, best first, and why."""

import argparse
import sys
from collections.abc import Sequence

from deploy.instruments.dialects import Unreadable, candidates, contents


def main(argv: Sequence[str]) -> int:
    """Exit code 0 when some dialect could, 1 when none."""
    parser = argparse.ArgumentParser(prog="emmetra identify", description="Say who could have produced a file.")
    parser.add_argument("file", metavar="FILE", help="a capture or an export; - is standard input")
    name = parser.parse_args(argv).file
    try:
        possible = [one for one in candidates(contents(name)) if one.recognition.score]
    except Unreadable as refusal:
        return _refused(str(refusal))
    for one in possible:
        print(f"{one.recognition.score:>3}  {one.dialect.DIALECT:<14} {one.recognition.why}")
    return 0 if possible else _refused(f"{name}: no instrument we know speaks like this (byte 0)")


def _refused(complaint: str) -> int:
    print(f"emmetra identify: {complaint}", file=sys.stderr)
    return 1
