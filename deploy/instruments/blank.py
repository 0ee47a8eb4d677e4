"""``emmetra blank``: a capture without the patient, for whoever helps with it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.instruments.dialects import Unreadable, recording
from edge.capture.blanking import Unblanked, blanked
from protocols.capture import dump, looks_recorded


def main(argv: Sequence[str]) -> int:
    """0: written, with remarks on what could not be judged; 1: nothing was written."""
    parser = argparse.ArgumentParser(prog="emmetra blank", description="Take the patient out of a capture.")
    parser.add_argument("file", metavar="FILE", help="a recording or plain bytes")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where the blanked one goes")
    options = parser.parse_args(argv)
    try:
        without, remarks = _without(options.file)
        options.output.write_bytes(without)
    except (Unreadable, Unblanked, OSError) as refusal:
        print(f"emmetra blank: NOT BLANKED: {refusal} Nothing was written.", file=sys.stderr)
        return 1
    for remark in remarks:
        print(f"emmetra blank: {remark}", file=sys.stderr)
    return 0


def _without(name: str) -> tuple[bytes, tuple[str, ...]]:
    """A recording stays one, plain bytes stay plain; and what should be known about it. Raises Unblanked."""
    without, remarks = blanked(recording(name))
    return dump(without) if looks_recorded(Path(name).read_bytes()) else without.heard, remarks
