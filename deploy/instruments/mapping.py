"""``emmetra map``: begins a map of an export that nobody has described, or lists what a column may hold."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.instruments.dialects import Unreadable
from protocols.envelope.table_map import TableMap
from protocols.mapped_table import WORDS, BadMap, map_of, starter


def main(argv: Sequence[str]) -> int:
    """0: printed; 1: the export has no such line or other bytes, and nothing was printed."""
    parser = argparse.ArgumentParser(prog="emmetra map", description=__doc__.partition(": ")[2] if __doc__ else None)
    parser.add_argument("file", nargs="?", metavar="EXPORT", help="a table of text")
    parser.add_argument("--header", type=int, default=1, metavar="N", help="the line with the names, default 1")
    parser.add_argument(
        "--encoding", metavar="NAME", help="such as cp1252, gb18030, utf-16; default by its first bytes"
    )
    parser.add_argument("--delimiter", metavar="C", help="what parts the columns; default what the names have most of")
    parser.add_argument("--keys", action="store_true", help="list what a column may hold, and in which unit")
    options = parser.parse_args(argv)
    if options.keys:
        return _keys()
    if options.file is None:
        parser.error("name an export, or --keys")
    try:
        raw = Path(options.file).read_bytes()
        print(starter(raw, options.header, options.encoding, options.delimiter))
    except OSError as refusal:
        return _refused(f"{options.file}: {refusal.strerror or refusal}")
    except ValueError as refusal:
        return _refused(f"{options.file}: {refusal}")
    return 0


def _keys() -> int:
    width = max(map(len, WORDS))
    for key, word in WORDS.items():
        about = f"written as the map's {word.dated} says" if word.dated else "text" if word.text else word.unit
        print(f"{key.ljust(width)}  {about}".rstrip())
    return 0


def drawn_in(name: str) -> TableMap:
    """The map in a file. Raises Unreadable."""
    try:
        return map_of(Path(name).read_text("utf-8"))
    except OSError as refusal:
        raise Unreadable(f"{name}: {refusal.strerror or refusal}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{name}: a map is text in UTF-8") from None
    except BadMap as refusal:
        raise Unreadable(f"{name}: {refusal}") from None


def _refused(complaint: str) -> int:
    print(f"emmetra map: {complaint}", file=sys.stderr)
    return 1
