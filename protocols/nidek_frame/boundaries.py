"""Where a transmission began, told from everything that stands between an SOH and an EOT.

SOH also begins inner blocks, so a print-out that was cut off and the next one look like one. The checksum
decides; without one that verifies, what cannot stand in one print-out parts them, so that two patients
never share a reading.
"""

from protocols.framing import Event, Garbled, Request, Transmission
from protocols.nidek_frame import checksum
from protocols.nidek_frame.grammar import COMMON_TAGS, REQUEST_HEADER, REQUEST_TEXT, send_data
from protocols.nidek_frame.segments import Block, blocks
from protocols.nidek_frame.transmission import understood


def settled(raw: bytes, end: int, digits: bytes, device_code: str | None) -> list[Event]:
    """The events of ``raw``, which begins with a block start, has its EOT before ``end`` and then its digits."""
    found = blocks(raw[:end])
    start, state = _start(raw[:end], found, digits)
    before = [Garbled(raw[:start], f"Cut off: another transmission begins at byte {start}, before any EOT.", start)]
    own = blocks(raw[start:end]) if start else found
    return [*(before if start else []), _event(raw[start:], own, state, device_code)]


def _start(frame: bytes, found: list[Block], digits: bytes) -> tuple[int, checksum.State]:
    wanted = checksum.value(digits)
    verified = None
    if wanted is not None:
        verified = checksum.verifying_start(frame, [block.offset for block in found], wanted)
    if verified is not None:
        return verified, "ok"
    return _last_beginning(found), "bad" if digits else "none"


def _last_beginning(found: list[Block]) -> int:
    """The last block that cannot belong to the same print-out as those before it."""
    current: list[Block] = []
    for block in found:
        current = [block] if current and _begins_anew(block, current) else [*current, block]
    return current[0].offset


def _begins_anew(block: Block, before: list[Block]) -> bool:
    return (
        block.header[0] != "D"
        or before[0].header[0] != "D"
        or block.header in {earlier.header for earlier in before}
        or (_named(block) and not _named(before[-1]))
        or _contradicts(block, before[-1])
    )


def _named(block: Block) -> bool:
    return block.first("ID") is not None


def _contradicts(block: Block, before: Block) -> bool:
    said = ((block.first(tag), before.first(tag)) for tag in COMMON_TAGS)
    return any(now is not None and then is not None and now != then for now, then in said)


def _event(raw: bytes, found: list[Block], state: checksum.State, device_code: str | None) -> Event:
    block = found[0]
    if block.header[0] == "D":
        return understood(raw, found, state)
    if block.header[0] == "S":
        return Transmission(raw, ())
    texts = [segment.tag + segment.text for segment in block.segments]
    if block.header == REQUEST_HEADER and texts == [REQUEST_TEXT]:
        return Request(raw, send_data(device_code) if device_code else b"")
    return Garbled(raw, _refusal(block.header, texts))


def _refusal(header: str, texts: list[str]) -> str:
    said = " ".join([header, *texts])
    if header[0] == "E":
        return f"The instrument answered with an error: {said}."
    if header[0] == "C":
        return f"A command that is no request to send: {said}. It may be our own word, echoed by the cable."
    return f"No block we know: {header}."
