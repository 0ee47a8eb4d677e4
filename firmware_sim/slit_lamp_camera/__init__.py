"""A slit lamp's camera for where there is none: JPEG pictures of nobody's eye, in a folder or as a film."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from firmware_sim.eye_pictures.cameras import slit_lamp
from firmware_sim.eye_pictures.files import jpeg
from protocols.pictures import completed, facts
from protocols.pictures.clip import Clip, Place, frame, head, index

__all__ = ["bare", "clip", "example", "filled", "picture", "rolled"]


@functools.cache
def picture(seed: int = 5) -> bytes:
    """What the camera hands over: a baseline JPEG of 1280 x 960."""
    return jpeg(slit_lamp(seed=seed))


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """One picture."""
    return picture()


def filled(folder: Path, count: int = 3) -> list[bytes]:
    """A folder with so many pictures, all different; what they are."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [picture(seed) for seed in range(count)]
    for number, one in enumerate(pictures):
        (folder / f"{number:03}.jpg").write_bytes(one)
    return pictures


def rolled(film: Path, count: int = 3) -> list[bytes]:
    """A Motion-JPEG film of so many pictures, one behind the other as a camera says them."""
    pictures = [picture(seed) for seed in range(count)]
    film.write_bytes(b"".join(pictures))
    return pictures


def bare(jpeg: bytes) -> bytes:
    """The same picture as many cameras send it in Motion-JPEG: without its Huffman tables."""
    kept, at = jpeg[:2], 2
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        kept += b"" if jpeg[at + 1] == 0xC4 else jpeg[at:end]
        at = end
    return kept + jpeg[at:]


def clip(frames: Sequence[bytes], said: Mapping[str, str], micros: int = 100_000) -> bytes:
    """A whole film of such frames, as the gateway writes it."""
    found = facts(completed(frames[0]))
    film = Clip(found.rows, found.columns, micros, said)
    at, places = len(head(film)), []
    for one in frames:
        places.append(Place(at + 8, len(one)))
        at += len(frame(one))
    film = replace(film, places=tuple(places))
    return head(film) + b"".join(map(frame, frames)) + index(film)
