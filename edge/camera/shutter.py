"""The camera's own button. The kernel's uvcvideo driver makes it a key, KEY_CAMERA, of an input device of its own.

The device is a child of the camera's USB interface, so it is found from the camera's name, in whatever socket the
camera is. An event is ``struct input_event``: a time of two longs, type and code of two bytes, value of four.
"""

import asyncio
import logging
import os
import re
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

from edge.backoff import Backoff
from edge.camera.pedal import Press

log = logging.getLogger("emmetra.instruments")

EVENT = struct.Struct("llHHi")
EV_KEY, KEY_CAMERA, DOWN = 0x01, 0xD4, 1
LONGEST_S = 10.0
NUMBERED = re.compile(r"/dev/input/event\d+\Z")  # another device after the next start
VIDEO, INPUT = Path("/sys/class/video4linux"), Path("/dev/input")
_PIECE = EVENT.size * 64

Find = Callable[[], Path | None]
Do = Callable[[Press], Awaitable[None]]


def own_button(camera: Path, video: Path = VIDEO, inputs: Path = INPUT) -> Path | None:
    """The input device of a camera's button where it is now; None for a camera without, or one that is not plugged."""
    try:
        name = camera.resolve(strict=True).name
        found = sorted((video / name / "device" / "input").glob("input*/event*"))
    except OSError:
        return None
    return inputs / found[0].name if found else None


class Shutter:
    """``run`` until cancelled; ``state`` is plugged, lost or refused. A press is a picture at once."""

    def __init__(self, find: Find, do: Do) -> None:
        self._find, self._do = find, do
        self._pressed = asyncio.Event()
        self.state = "lost"

    async def run(self) -> None:
        """Through unplugging and plugging in, also elsewhere."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._tell())

    async def _tell(self) -> None:
        """Who presses again while a picture is taken, gets one more, not ten."""
        while True:
            await self._pressed.wait()
            self._pressed.clear()
            await self._do(Press.SINGLE)

    async def _listen(self) -> None:
        backoff = Backoff(0.5, LONGEST_S)
        while True:
            try:
                await self._listen_once(backoff)
                self._become("lost", "it is not plugged in, or has no button")
            except PermissionError:
                self._become("refused", "the gateway's user may not read it; 70-emmetra.rules has the rule")
            except OSError as failure:
                self._become("lost", failure.strerror or "")
            await asyncio.sleep(backoff.next())

    async def _listen_once(self, backoff: Backoff) -> None:
        """Until the device is gone. Raises OSError."""
        path = await asyncio.to_thread(self._find)
        if path is None:
            return
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            self._become("plugged", "")
            backoff.reset()
            await self._read(handle)
        finally:
            os.close(handle)

    async def _read(self, handle: int) -> None:
        """Raises OSError; ENODEV once the plug is out."""
        loop = asyncio.get_running_loop()
        while True:
            ready = asyncio.Event()
            loop.add_reader(handle, ready.set)
            try:
                await ready.wait()
            finally:
                loop.remove_reader(handle)
            if not (said := os.read(handle, _PIECE)):
                return
            if any(is_press(*one[2:]) for one in EVENT.iter_unpack(said[: len(said) // EVENT.size * EVENT.size])):
                self._pressed.set()

    def _become(self, state: str, why: str) -> None:
        if state != self.state:
            log.log(logging.INFO if state == "plugged" else logging.WARNING, "shutter button: %s. %s", state, why)
        self.state = state


def is_press(kind: int, code: int, value: int) -> bool:
    """Whether an event is the button going down; up, and held down, are none."""
    return (kind, code, value) == (EV_KEY, KEY_CAMERA, DOWN)
