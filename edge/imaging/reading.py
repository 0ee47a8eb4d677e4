"""``python -m edge.imaging.reading FILE``: reads one file with limits of memory and time, and ends.

What is known about the file comes as one JSON object on stdin. On stdout each line is a JSON object with one key:
``reading`` (a reading without ids), ``read`` (true: all readings were said), ``thumbnail`` (a file of this process).
Which decoder reads what stands in ``edge.imaging.table``. Values first, picture last: what the picture's decoder
breaks, the values have left behind them.
"""

import contextlib
import json
import os
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from edge.imaging import table
from edge.imaging.filling import whole
from protocols.readings import Note, Reading, to_json

MEMORY_BYTES = 1 << 30
CPU_S = 60
FILE_BYTES = 32 << 20
UNREAD = Note(code="not_read", text="No values could be read from this file; look at the file itself.")


def read(path: Path, about: Mapping[str, str]) -> list[Reading]:
    """What stands in a file. Raises what its decoder raises."""
    decode = table.decoder(about["dialect"], about["media_type"])
    return whole(() if decode is None else decode(path, about), about)


def unread(about: Mapping[str, str]) -> list[Reading]:
    """What is said of a file whose decoder died: that it is there."""
    return whole((), about, UNREAD)


def heard(lines: bytes) -> tuple[list[msgspec.Raw] | None, str | None]:
    """What such a process said: its readings, None unless it said them all; and its thumbnail."""
    readings, complete, thumbnail = [], False, None
    for line in lines.splitlines():
        try:
            said = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        except msgspec.MsgspecError:  # it died in the middle of a line
            break
        readings += [said["reading"]] if "reading" in said else []
        complete = complete or "read" in said
        thumbnail = msgspec.json.decode(said["thumbnail"], type=str) if "thumbnail" in said else thumbnail
    return (readings if complete else None), thumbnail


def main(argv: Sequence[str]) -> int:
    """The process."""
    confine()
    about: dict[str, str] = json.loads(sys.stdin.buffer.read())
    path = Path(argv[0])
    for line in _said(path, about):
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _said(path: Path, about: Mapping[str, str]) -> Iterator[bytes]:
    for reading in read(path, about):
        yield b'{"reading":' + to_json(reading) + b"}"
    yield b'{"read":true}'
    if small := _thumbnail(path, about):
        yield json.dumps({"thumbnail": str(small)}).encode()


def _thumbnail(path: Path, about: Mapping[str, str]) -> Path | None:
    from edge.imaging import thumbnails

    return thumbnails.make(path, about["media_type"], Path(about["work"])) if about.get("work") else None


def confine() -> None:
    """No more than this of the machine, whatever the file says."""
    os.nice(3)  # a little behind the gateway; on a busy box ten would starve it
    with contextlib.suppress(OSError):  # where memory is short this process goes before the gateway
        Path("/proc/self/oom_score_adj").write_text("900", "ascii")
    limits: dict[Any, int] = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_S,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
