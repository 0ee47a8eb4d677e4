"""The order ``capture``: what passes on the wire of one instrument or port, with timing, for a minute at most.

A patient may stand in the bytes. The dialect that knows them takes the patient out; where none is sure, only the shape
is told: letters become ``x`` and digits ``9``, so that frames, lengths and pauses show and nothing else.
"""

import asyncio
import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from edge.capture.blanking import Unblanked, blanked
from edge.config import LINE
from edge.links import LineSettings, LinkLost, LinkRefused, open_link
from edge.links.opening import address
from edge.links.tap import Ear, Tap
from edge.refusals import OrderRefused
from edge.supervisor import Supervisor
from edge.uplink import Brought, Verb
from protocols.capture import Entry, Head, Recording, dump

SECONDS = 60.0
MOST = 1 << 20  # bytes; an instrument that never stops talking
INLINE = 16 * 1024  # bytes as hex with their timing; more travels as a file
_LETTER, _DIGIT = re.compile(rb"[A-Za-z\x80-\xff]"), re.compile(rb"[0-9]")


def verbs(supervisor: Supervisor) -> Mapping[str, Verb]:
    """What can be ordered about wires."""

    async def capture(args: dict[str, Any]) -> dict[str, Any]:
        seconds = args.get("seconds", SECONDS)
        if not isinstance(seconds, int | float) or not 0 < seconds <= SECONDS:
            raise OrderRefused(f"a capture lasts up to {SECONDS:.0f} s")
        entries = Entries()
        port, line = await _listen(supervisor, args, entries, seconds)
        return told(Recording(_head(port, line), tuple(entries.heard)))

    return {"capture": capture}


class Entries:
    """An ear that writes down, up to MOST bytes."""

    def __init__(self) -> None:
        self.heard: list[Entry] = []
        self.full = asyncio.Event()
        self._began = asyncio.get_running_loop().time()
        self._size = 0

    def __call__(self, by: Any, data: bytes) -> None:
        """Somebody said something."""
        if self._size < MOST:
            at = round(asyncio.get_running_loop().time() - self._began, 4)
            self.heard.append(Entry(t=at, by=by, hex=data.hex(" ")))
        self._size += len(data)
        if self._size >= MOST:
            self.full.set()


async def _listen(
    supervisor: Supervisor, args: dict[str, Any], entries: Entries, seconds: float
) -> tuple[str, LineSettings]:
    """Beside the driver that has the wire; where none has, in silence."""
    dev, port = args.get("dev"), args.get("port")
    held = next((one for one in supervisor.keepers if one.settings.url == port), None) if port else None
    keeper = supervisor.keeper(str(dev)) if dev else held
    if keeper is not None:
        async with _beside(keeper.ears, entries):
            await _while_it_lasts(entries, seconds)
        return keeper.settings.url, LineSettings(**keeper.settings.line)
    if not isinstance(port, str):
        raise OrderRefused("the order does not say which instrument or port")
    line = _line(args)
    await _in_silence(port, line, entries, seconds)
    return port, line


@contextlib.asynccontextmanager
async def _beside(ears: set[Ear], entries: Entries) -> Any:
    ears.add(entries)
    try:
        yield
    finally:
        ears.discard(entries)


async def _while_it_lasts(entries: Entries, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await entries.full.wait()


async def _in_silence(port: str, line: LineSettings, entries: Entries, seconds: float) -> None:
    try:
        if address(port)[0] not in ("serial", "usb"):
            raise OrderRefused("only a serial port can be listened to; name an instrument for anything else")
        link = Tap(await open_link(port, line), {entries})
    except LinkRefused as refusal:
        raise OrderRefused(str(refusal)) from None
    try:
        async with asyncio.timeout(seconds):
            async for _ in link:
                if entries.full.is_set():
                    break
    except TimeoutError:
        pass
    except LinkLost as loss:
        raise OrderRefused(f"the link broke: {loss}") from None
    finally:
        await link.aclose()


def _line(args: dict[str, Any]) -> LineSettings:
    given = {key: args[key] for key in LINE if key in args}
    if wrong := [key for key, value in given.items() if not LINE[key].fits(value)]:
        raise OrderRefused(f"{wrong[0]} is {given[wrong[0]]}, expected {LINE[wrong[0]].expected}")
    return LineSettings(**given)


def _head(port: str, line: LineSettings) -> Head:
    began = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Head(emmetra_capture=1, began=began, port=port, line=str(line), dtr=line.dtr, rts=line.rts)


def told(recording: Recording) -> dict[str, Any]:
    """A recording without its patient, as a result; a long one as a file."""
    safe, remarks = _safe(recording)
    size = sum(len(one.data) for one in safe.entries)
    result: dict[str, Any] = {"port": recording.head.port, "line": recording.head.line, "bytes": size}
    result["remarks"] = remarks
    if size > INLINE:
        return result | {"file": Brought("capture.cap", dump(safe))}
    return result | {"entries": [msgspec.to_builtins(one) for one in safe.entries]}


def _safe(recording: Recording) -> tuple[Recording, list[str]]:
    if not recording.entries:
        return recording, ["Nothing was said."]
    try:
        found = blanked(recording)
    except Unblanked as refusal:
        shapes = tuple(msgspec.structs.replace(one, hex=_shape(one.data).hex(" ")) for one in recording.entries)
        why = f"{refusal} Letters are told as x and digits as 9."
        return Recording(recording.head, shapes), [why]
    return found.recording, list(found.remarks)


def _shape(data: bytes) -> bytes:
    return _DIGIT.sub(b"9", _LETTER.sub(b"x", data))
