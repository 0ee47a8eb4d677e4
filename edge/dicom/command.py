"""``emmetra gateway dicom``: the DICOM program by itself; the gateway starts it with ``--child``."""

import argparse
import importlib
import logging
import sys
import warnings
from pathlib import Path

from edge.dicom.settings import DicomSettings


def options(parser: argparse.ArgumentParser) -> None:
    """The verb's own options."""
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)


def run(settings: DicomSettings | None, data: Path, floor_mb: int, *, child: bool) -> int:
    """0 when it ended in good order, 1 when it could not begin, 2 where nothing is configured."""
    if settings is None:
        print("The configuration has no section [dicom].", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    program = importlib.import_module("edge.dicom.program")
    for library in ("pynetdicom", "pydicom"):  # they quote whole messages and values, and so patients
        logging.getLogger(library).setLevel(logging.CRITICAL)  # pydicom sets its own when it is imported
    warnings.simplefilter("ignore")
    return int(program.run(settings, data, floor_mb << 20, child=child))
