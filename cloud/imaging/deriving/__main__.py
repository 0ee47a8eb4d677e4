"""``python -m cloud.imaging.deriving``: pictures of one file into a folder, a line of JSON for each that is there.

It is started before it is needed: with its imports done it waits for a line ``["file", "folder"]``, and ends where none
comes; with both as words it begins at once. What it says is ``{"kind", "number", "file", "media_type", "width",
"height"}`` for a picture, ``{"about": {…}}`` once what it is has been found out, and at the end ``{"ended": "ready"}``
or ``{"ended": "failed", "why": "…"}``. Memory and time are limited before a byte of the file is read.
"""

import contextlib
import dataclasses
import importlib
import json
import resource
import signal
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

MEMORY = 3 * 1024**3
SECONDS = 180
MOST_HELD = 256 * 1024**2  # bytes of one original that are kept with all their shades
ROOM = "cloud.imaging.deriving"
BEFORE = (f"{ROOM}.opening", f"{ROOM}.dicom", f"{ROOM}.headers", "pydicom.pixels.decoders")


def main(argv: Sequence[str]) -> int:
    """Get ready, wait for a file, derive."""
    _limit()
    for name in BEFORE:
        with contextlib.suppress(ImportError):  # whoever needs it says so
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        importlib.import_module("PIL.Image").init()  # its formats, else loaded with the first picture
    told = argv or json.loads(sys.stdin.readline() or "[]")
    return derived(*map(Path, told)) if told else 0


def derived(path: Path, folder: Path) -> int:
    """Derive, and say what became of it; always 0 unless killed."""
    signal.alarm(2 * SECONDS)  # the time it waited does not count
    try:
        for line in _derived(path, folder):
            _say(line)
        _say({"ended": "ready"})
    except MemoryError:
        _say({"ended": "failed", "why": "too_large"})
    except Exception as trouble:
        # a foreign file may make a library raise anything, and its words may quote the patient: only the kind is told
        _say({"ended": "failed", "why": _why(trouble), "kind": type(trouble).__name__})
    return 0


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _why(trouble: Exception) -> str:
    if type(trouble).__name__ == "DecompressionBombError":
        return "too_large"
    return str(getattr(trouble, "code", "unreadable"))


def _derived(path: Path, folder: Path) -> Iterator[dict[str, Any]]:
    from cloud.imaging.deriving import opening, tones

    try:
        original = opening.opened(path)
        about = original.about
        yield _kept(folder, "thumbnail", 0, "image/webp", tones.small(original.middle(), about.pixel_mm), (0, 0))
        yield {"about": dataclasses.asdict(about)}
    finally:
        yield from _headers(path, folder)
    above = []
    room = MOST_HELD
    for number, (frame, held) in enumerate(original.frames()):
        size = frame.shape[1], frame.shape[0]
        yield _kept(folder, "frame", number, "image/jpeg", tones.full(frame), size)
        if held is not None and (room := room - held.nbytes) >= 0:
            yield _kept(folder, "held", number, "application/octet-stream", _packed(held), size)
        if about.raster:
            above.append(tones.depth_mean(frame))
    if above:
        seen = tones.from_above(above)
        yield _kept(folder, "enface", 0, "image/jpeg", tones.full(seen), (seen.shape[1], seen.shape[0]))


def _packed(held: Any) -> bytes:
    """Row by row, two bytes a pixel with the lower one first, in zlib's form: browsers undo it by themselves."""
    return zlib.compress(held.astype("<u2").tobytes(), 1)


def _headers(path: Path, folder: Path) -> Iterator[dict[str, Any]]:
    from cloud.imaging.deriving import opening

    with path.open("rb") as file:
        form = opening.form_of(file.read(opening.HEAD))
    if form == "dicom":
        from cloud.imaging.deriving import headers

        told = json.dumps(headers.rows(path), ensure_ascii=False).encode()
        yield _kept(folder, "headers", 0, "application/json", told, (0, 0))


def _kept(folder: Path, kind: str, number: int, media_type: str, data: bytes, size: tuple[int, int]) -> dict[str, Any]:
    name = f"{kind}-{number}"
    (folder / name).write_bytes(data)
    width, height = size
    return {"kind": kind, "number": number, "file": name, "media_type": media_type, "width": width, "height": height}


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
