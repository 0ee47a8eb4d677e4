"""Where pictures come from: a film whose newest picture is wanted, or a folder that is gone through."""

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

from edge.camera.address import CameraAddress
from edge.links.base import LinkLost, LinkRefused

PR_SET_PDEATHSIG = 1
LARGEST = 32 << 20
BEGINS_S, FROZEN_S = 10.0, 3.0
NO_MORE = "the camera gives no more pictures"
LOOK_S = 0.02
MEMORY = Path("/dev/shm")  # noqa: S108 - fifteen pictures a second would wear out an SD card; the folder is ours alone


class FrameSource(Protocol):
    """Pictures as the camera made them."""

    async def still(self) -> bytes:
        """A JPEG made after this was asked for. Raises LinkLost."""

    async def look(self) -> bytes:
        """What the camera sees now, for somebody who only looks on: takes nothing from anybody. Raises LinkLost."""

    def film(self) -> AsyncGenerator[bytes, None]:
        """Every picture from now on, as they come. Breaks with LinkLost."""

    async def lost(self) -> str:
        """Returns why when no more pictures will come."""

    async def aclose(self) -> None:
        """Let the camera go."""


class Folder:
    """JPEG files in the order of their names, round and round."""

    def __init__(self, path: Path, rate: int) -> None:
        self._path, self._rate, self._next = path, rate, 0

    async def still(self) -> bytes:
        """The next one. Raises LinkLost."""
        found = await self.look()
        self._next += 1
        return found

    async def look(self) -> bytes:
        """The one that would be taken now. Raises LinkLost."""
        try:
            return await asyncio.to_thread(self._read)
        except (OSError, IndexError):
            raise LinkLost("there is no picture in the folder") from None

    async def film(self) -> AsyncGenerator[bytes, None]:
        """One behind the other, as many a second as a camera would be asked for. Breaks with LinkLost."""
        while True:
            yield await self.still()
            await asyncio.sleep(1 / self._rate)

    def _read(self) -> bytes:
        files = sorted(one for one in self._path.iterdir() if one.suffix.lower() in (".jpg", ".jpeg"))
        return files[self._next % len(files) if files else 0].read_bytes()

    async def lost(self) -> str:
        """A folder stays."""
        await asyncio.Event().wait()
        return ""

    async def aclose(self) -> None:
        """Nothing is held."""


class Film:
    """ffmpeg writes every picture as the camera made it over the last one; a still is the next that it writes."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._folder = Path(mkdtemp(prefix="emmetra-camera-", dir=MEMORY if MEMORY.is_dir() else None))
        self._newest = self._folder / "newest.jpg"
        self._process: asyncio.subprocess.Process | None = None

    async def open(self) -> "Film":
        """Begin. Raises LinkRefused when no picture comes."""
        ends = ["-c", "copy", "-f", "image2", "-update", "1", "-atomic_writing", "1", str(self._newest)]
        words = ["-nostdin", "-hide_banner", "-loglevel", "error", *self._words, "-an", *ends]
        try:
            self._process = await asyncio.create_subprocess_exec(
                "ffmpeg", *words, stdin=DEVNULL, stderr=DEVNULL, preexec_fn=_end_with_the_gateway
            )
            await self._picture(time.time_ns(), BEGINS_S)
        except FileNotFoundError:
            await self.aclose()
            raise LinkRefused("There is no ffmpeg here.", "Install it: apt-get install ffmpeg.", lasting=True) from None
        except LinkLost:
            await self.aclose()
            hint = (
                "Plug it in, end other programs that use it, and ask for a size it knows: v4l2-ctl --list-formats-ext."
            )
            raise LinkRefused("The camera gives no Motion-JPEG.", hint) from None
        except BaseException:
            await self.aclose()
            raise
        return self

    async def still(self) -> bytes:
        """The next picture. Raises LinkLost."""
        return (await self._picture(time.time_ns(), FROZEN_S))[1]

    async def look(self) -> bytes:
        """The newest picture. Raises LinkLost."""
        try:
            return (await asyncio.to_thread(self._read))[1]
        except FileNotFoundError:
            raise LinkLost(NO_MORE) from None

    async def film(self) -> AsyncGenerator[bytes, None]:
        """Each picture once. Breaks with LinkLost."""
        made = time.time_ns()
        while True:
            made, picture = await self._picture(made, FROZEN_S)
            yield picture

    async def _picture(self, after: int, seconds: float) -> tuple[int, bytes]:
        """The first that is seen to be made after this moment, and when it was made."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._process is not None and self._process.returncode is None:
            with contextlib.suppress(FileNotFoundError):
                if self._newest.stat().st_mtime_ns > after:
                    return await asyncio.to_thread(self._read)
            await asyncio.sleep(LOOK_S)
        raise LinkLost(NO_MORE)

    def _read(self) -> tuple[int, bytes]:
        with self._newest.open("rb") as file:  # the name may lead to the next picture already
            return os.fstat(file.fileno()).st_mtime_ns, file.read()

    async def lost(self) -> str:
        """When ffmpeg ends, the camera is gone."""
        if self._process is not None:
            await self._process.wait()
        return NO_MORE

    async def aclose(self) -> None:
        """End ffmpeg, remove the last picture."""
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)


async def open_source(where: CameraAddress) -> FrameSource:
    """Begin to look. Raises LinkRefused."""
    if where.kind == "camera":
        return await Film(camera(where)).open()
    if where.path.is_dir():
        return Folder(where.path, int(where.rate))
    if where.path.is_file():
        return await Film(["-re", "-stream_loop", "-1", "-f", "mjpeg", "-i", str(where.path)]).open()
    raise LinkRefused(f"There are no pictures at {where.path}.", "Write a folder of JPEG files or a film.")


def camera(where: CameraAddress) -> list[str]:
    """What ffmpeg is told of a camera."""
    form = ["-f", "v4l2", "-input_format", "mjpeg", "-video_size", where.size, "-framerate", where.rate]
    return [*form, "-i", str(where.path)]


def _end_with_the_gateway() -> None:
    """Else a gateway that was killed leaves somebody who holds the camera."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
