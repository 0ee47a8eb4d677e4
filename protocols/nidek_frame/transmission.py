"""From the blocks of one transmission to its readings: one a kind, a condition and a ring."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from protocols.framing import Garbled, Transmission
from protocols.nidek_frame import keratometry, lens, pachymetry, refraction, tonometry
from protocols.nidek_frame.checksum import State
from protocols.nidek_frame.grammar import COMMON_TAGS
from protocols.nidek_frame.heading import Heading, heading
from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block
from protocols.readings import (
    Autorefraction,
    Integrity,
    Keratometry,
    Lensmetry,
    Pachymetry,
    Reading,
    Tonometry,
)

Reader = Callable[[Block, Margin], dict[str, Any]]

READERS: dict[str, tuple[type[Reading], Reader]] = {
    "DRM": (Autorefraction, refraction.read),
    "Drm": (Autorefraction, refraction.read),
    "DKM": (Keratometry, keratometry.read),
    "Dkm": (Keratometry, keratometry.read),
    "DLM": (Lensmetry, lens.read),
    "DNT": (Tonometry, tonometry.read),
    "DPM": (Pachymetry, pachymetry.read),
}


def understood(raw: bytes, found: list[Block], state: State) -> Transmission | Garbled:
    """The readings of these blocks, or why there is none; ``raw`` is the frame with its checksum, as it came."""
    top = heading(found, Integrity(checksum=state, raw_sha256=hashlib.sha256(raw).hexdigest()))
    readings, unread = _read(_merged(found), top)
    if not readings:
        return Garbled(raw, _why_nothing(found), _where(found))
    return Transmission(raw, (_with_blocks(readings[0], unread), *readings[1:]))


def _merged(found: list[Block]) -> list[Block]:
    """Blocks of the same header as one, in the place of the first."""
    if len({block.header for block in found}) == len(found):
        return found
    by_header: dict[str, list[Block]] = {}
    for block in found:
        by_header.setdefault(block.header, []).append(block)
    return [
        Block(header, tuple(segment for block in same for segment in block.segments), same[0].offset)
        for header, same in by_header.items()
    ]


def _read(found: list[Block], top: Heading) -> tuple[list[Reading], list[Block]]:
    readings: list[Reading] = []
    unread: list[Block] = []
    for block in found:
        reading = _reading(block, top)
        if reading is not None:
            readings.append(reading)
        elif _own(block).segments:
            unread.append(block)
    return readings, unread


def _reading(block: Block, top: Heading) -> Reading | None:
    if block.header not in READERS:
        return None
    kind, read = READERS[block.header]
    margin = Margin()
    keys = read(_own(block), margin)
    return kind(**_common(top, margin), **keys) if keys else None


def _own(block: Block) -> Block:
    return Block(block.header, tuple(one for one in block.segments if one.tag not in COMMON_TAGS), block.offset)


def _common(top: Heading, margin: Margin) -> dict[str, Any]:
    return {
        "instrument": top.instrument,
        "integrity": top.integrity,
        "measured_at": top.measured_at,
        "print_number": top.print_number,
        "patient_ref": top.patient_ref,
        "notes": (*top.margin.notes, *margin.notes),
        "extra": {**top.margin.extra, **margin.extra},
    }


def _with_blocks(reading: Reading, unread: list[Block]) -> Reading:
    margin = Margin()
    margin.extra.update(reading.extra)
    margin.keep_blocks((block.header, [one.tag + one.text for one in _own(block).segments]) for block in unread)
    return msgspec.structs.replace(reading, notes=(*reading.notes, *margin.notes), extra=margin.extra)


def _why_nothing(found: list[Block]) -> str:
    unknown = [block.header for block in found if block.header not in READERS]
    if len(unknown) == len(found):
        return f"No block we know: {', '.join(unknown) or 'none at all'}."
    return "The frame is whole, but no eye and no lens in it could be read."


def _where(found: list[Block]) -> int:
    own = [segment.offset for block in found for segment in _own(block).segments]
    return min(own, default=found[0].offset if found else 0)
