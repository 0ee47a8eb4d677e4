"""The camera's own button. There is no input device here: a named pipe carries the bytes that the kernel would."""

# ruff: noqa: ASYNC110 - a button rings no bell

import asyncio
import os

import pytest

from edge.camera.pedal import Press
from edge.camera.shutter import EV_KEY, EVENT, KEY_CAMERA, Shutter, own_button
from edge.tasks import stop

DOWN = EVENT.pack(1_772_616_600, 250_000, EV_KEY, KEY_CAMERA, 1)
UP = EVENT.pack(1_772_616_600, 400_000, EV_KEY, KEY_CAMERA, 0)
SYNC = EVENT.pack(1_772_616_600, 250_000, 0, 0, 0)
LETTER = EVENT.pack(1_772_616_600, 250_000, EV_KEY, 30, 1)
HELD = EVENT.pack(1_772_616_600, 250_000, EV_KEY, KEY_CAMERA, 2)


class Pipe:
    """A button at work on a named pipe."""

    def __init__(self, folder):
        self.path, self.presses = folder / "event7", []
        os.mkfifo(self.path)
        self.shutter = Shutter(lambda: self.path if self.path.exists() else None, self._pressed)

    async def _pressed(self, press):
        self.presses.append(press)

    async def __aenter__(self):
        self.end = os.open(self.path, os.O_RDWR)
        self.task = asyncio.create_task(self.shutter.run())
        await self.state("plugged")
        return self

    async def __aexit__(self, *_):
        os.close(self.end)
        await stop(self.task)

    async def state(self, wanted):
        async with asyncio.timeout(10):
            while self.shutter.state != wanted:
                await asyncio.sleep(0.01)

    async def pressed(self, times):
        async with asyncio.timeout(10):
            while len(self.presses) < times:
                await asyncio.sleep(0.01)


def test_an_event_is_as_long_as_the_kernels():
    assert EVENT.size in (16, 24)


@pytest.mark.edge(
    "EDGE-445", "The button on the camera takes a picture when it goes down, once, however long it is held."
)
async def test_a_press_is_one_picture_and_other_keys_are_none(tmp_path):
    async with Pipe(tmp_path) as pipe:
        os.write(pipe.end, LETTER + SYNC)
        os.write(pipe.end, DOWN + SYNC + HELD + SYNC)
        await pipe.pressed(1)
        os.write(pipe.end, UP + SYNC)
        os.write(pipe.end, DOWN + SYNC)
        await pipe.pressed(2)

    assert pipe.presses == [Press.SINGLE, Press.SINGLE]


async def test_a_button_that_is_pulled_out_is_found_again(tmp_path):
    async with Pipe(tmp_path) as pipe:
        pipe.path.unlink()
        os.close(pipe.end)
        await pipe.state("lost")
        os.mkfifo(pipe.path)
        pipe.end = os.open(pipe.path, os.O_RDWR)
        await pipe.state("plugged")
        os.write(pipe.end, DOWN)
        await pipe.pressed(1)

    assert pipe.presses == [Press.SINGLE]


@pytest.fixture
def machine(tmp_path):
    """A camera by its lasting name, as the kernel lays it out."""
    for name in ("dev/v4l/by-id", "dev/input", "sys/video0/device/input/input9/event4", "sys/video2/device"):
        (tmp_path / name).mkdir(parents=True)
    for number, name in ((0, "lamp"), (2, "silent")):
        (tmp_path / f"dev/video{number}").touch()
        (tmp_path / f"dev/v4l/by-id/{name}").symlink_to(tmp_path / f"dev/video{number}")
    return tmp_path


def test_a_cameras_own_button_is_found_by_the_cameras_name(machine):
    places = machine / "sys", machine / "dev/input"

    assert own_button(machine / "dev/v4l/by-id/lamp", *places) == machine / "dev/input/event4"
    assert own_button(machine / "dev/v4l/by-id/silent", *places) is None
    assert own_button(machine / "dev/v4l/by-id/gone", *places) is None
