"""``emmetra blank``: a capture without the patient, for whoever helps with it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.instruments.dialects import Unreadable, recording
from edge.capture.blanking import Unblanked, blanked
from protocols.capture import dump, looks_recorded


def main(argv: Sequence[str]) -> int:
    """0: written; 1: nothing was written."""
    parser = argparse.ArgumentParser(prog="emmetra blank", description="Take the patient out of a capture.")
    parser.add_argument("file", metavar="FILE", help="a recording or plain bytes")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where the blanked one goes")
    options = parser.parse_args(argv)
    try:
        options.output.write_bytes(_without(options.file))
    except (Unreadable, Unblanked, OSError) as refusal:
        print(f"emmetra blank: {refusal} Nothing was written.", file=sys.stderr)
        return 1
    return 0


def _without(name: str) -> bytes:
    recorded = recording(name)
    without = blanked(recorded.heard)
    return dump(recorded.saying(without)) if looks_recorded(Path(name).read_bytes()) else without
