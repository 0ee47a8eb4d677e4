"""A clip: the camera's own JPEGs one behind the other in an AVI file, and what is known of them in its INFO list.

RIFF and AVI as Microsoft describes them (AVI RIFF File Reference): one stream ``vids``/``MJPG``, frames as ``00dc``, an
index ``idx1`` behind. A frame stays as the camera made it; whoever shows it adds the tables it may lack
(``completed``). A file whose end is missing is read as far as its last whole frame.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, NamedTuple

from protocols.pictures.damaged import Damaged
from protocols.pictures.jpeg import BEGINS

AVI = "video/x-msvideo"
FRAME, KEY, HAS_INDEX = b"00dc", 0x10, 0x10
MOST_FRAMES = 10_000
MOST_BYTES = 1 << 30  # players of the old format stop there
_SECOND = 1_000_000


class Place(NamedTuple):
    """Where a frame lies in its file, and its length."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Clip:
    """``micros`` is the time from one frame to the next in microseconds; ``said`` is what stands beside."""

    rows: int
    columns: int
    micros: int
    said: Mapping[str, str]
    places: tuple[Place, ...] = ()


def head(clip: Clip) -> bytes:
    """What stands before the first frame; of the same length whatever frames there are."""
    count, most = len(clip.places), max((one.size for one in clip.places), default=0)
    movie = 4 + sum(8 + one.size + one.size % 2 for one in clip.places)
    kind = (_chunk(b"avih", _main(clip, count, most)), _list(b"strl", _stream(clip, count, most)), _info(clip.said))
    body = _list(b"hdrl", kind[0] + kind[1]) + kind[2]
    size = 4 + len(body) + 8 + movie + 8 + 16 * count
    return struct.pack("<4sI4s", b"RIFF", size, b"AVI ") + body + struct.pack("<4sI4s", b"LIST", movie, b"movi")


def frame(jpeg: bytes) -> bytes:
    """One frame as it is appended."""
    return _chunk(FRAME, jpeg)


def index(clip: Clip) -> bytes:
    """What stands behind the last frame; offsets count from the word ``movi``."""
    first = clip.places[0].offset - 12 if clip.places else 0
    rows = (struct.pack("<4sIII", FRAME, KEY, at - 8 - first, size) for at, size in clip.places)
    return _chunk(b"idx1", b"".join(rows))


def read(file: BinaryIO) -> Clip:
    """What a clip holds; the frames stay on the disk. Raises Damaged."""
    kind, _, form = _unpacked(file, "<4sI4s")
    if (kind, form) != (b"RIFF", b"AVI "):
        raise Damaged("This is no AVI file.")
    found, said = None, {}
    for name, at, size in _chunks(file, 12, None):
        if name != b"LIST":
            continue
        file.seek(at)
        group = file.read(4)
        if group == b"hdrl":
            found = _format(file, at + 4, at + size)
        elif group == b"INFO":
            said = _said(file, at + 4, at + size)
        elif group == b"movi" and found is not None:
            return replace(found, said=said, places=tuple(_places(file, at + 4)))
    raise Damaged("The file has no frames.")


def picture(file: BinaryIO, place: Place) -> bytes:
    """One frame as the camera made it."""
    file.seek(place.offset)
    return file.read(place.size)


def _main(clip: Clip, count: int, most: int) -> bytes:
    a_second = most * _SECOND // max(clip.micros, 1)
    return struct.pack(
        "<14I", clip.micros, a_second, 0, HAS_INDEX, count, 0, 1, most, clip.columns, clip.rows, 0, 0, 0, 0
    )


def _stream(clip: Clip, count: int, most: int) -> bytes:
    rate = (clip.micros, _SECOND, 0, count, most, 0xFFFFFFFF, 0)
    about = struct.pack("<4s4sIHHI7I4h", b"vids", b"MJPG", 0, 0, 0, 0, *rate, 0, 0, clip.columns, clip.rows)
    pixels = clip.columns * clip.rows * 3
    form = struct.pack("<IiiHH4sIiiII", 40, clip.columns, clip.rows, 1, 24, b"MJPG", pixels, 0, 0, 0, 0)
    return _chunk(b"strh", about) + _chunk(b"strf", form)


def _info(said: Mapping[str, str]) -> bytes:
    """Four letters and a text each, ended by a NUL."""
    return _list(b"INFO", b"".join(_chunk(key.encode(), text.encode() + b"\0") for key, text in said.items()))


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _list(name: bytes, body: bytes) -> bytes:
    return _chunk(b"LIST", name + body)


def _chunks(file: BinaryIO, start: int, end: int | None) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and length of each part, until the end or something that is none."""
    at = start
    while end is None or at + 8 <= end:
        file.seek(at)
        if len(begins := file.read(8)) < 8:
            return
        name, size = struct.unpack("<4sI", begins)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _format(file: BinaryIO, start: int, end: int) -> Clip:
    """Raises Damaged for anything but Motion-JPEG."""
    for name, at, size in _chunks(file, start, end):
        if name == b"avih" and size >= 40:
            file.seek(at)
            micros, *_, columns, rows = _unpacked(file, "<10I")
        elif name == b"LIST":
            file.seek(at + 4)
            if file.read(4) == b"strh":
                _, kind, coding = _unpacked(file, "<I4s4s")
                if (kind, coding.upper()) != (b"vids", b"MJPG"):
                    raise Damaged("This film is no Motion-JPEG.")
                return Clip(rows, columns, micros, {})
    raise Damaged("The file does not say what it holds.")


def _said(file: BinaryIO, start: int, end: int) -> dict[str, str]:
    found = {}
    for name, at, size in _chunks(file, start, min(end, start + 4096)):
        file.seek(at)
        found[name.decode("latin-1")] = file.read(min(size, 1024)).split(b"\0")[0].decode("utf-8", "replace")
    return found


def _places(file: BinaryIO, start: int) -> Iterator[Place]:
    """The whole frames, whatever the head says of their number: the current may have failed."""
    end = file.seek(0, 2)
    for count, (name, at, size) in enumerate(_chunks(file, start, end)):
        if name != FRAME or at + size > end or count >= MOST_FRAMES:
            return
        file.seek(at)
        if file.read(3) != BEGINS:
            return
        yield Place(at, size)


def _unpacked(file: BinaryIO, form: str) -> tuple[Any, ...]:
    size = struct.calcsize(form)
    if len(said := file.read(size)) < size:
        raise Damaged("The file is cut off.")
    return struct.unpack(form, said)
