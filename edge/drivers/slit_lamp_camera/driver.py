"""A slit lamp's camera: somebody presses, and the picture goes to the record as it was, with the eye chosen before."""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from edge import disk
from edge.camera.choice import Choice
from edge.camera.clip import UNFINISHED, recovered
from edge.camera.foot import FootSwitch
from edge.camera.link import ENOUGH, STILL, CameraLink, clip_order
from edge.camera.pedal import Press
from edge.camera.shutter import NUMBERED, Shutter, own_button
from edge.drivers.filed import Filed, Take
from edge.links.base import Link, LinkLost, LinkRefused
from edge.links.opening import address
from edge.refusals import OrderRefused
from edge.tasks import stop, until_one_ends
from protocols.framing import Unread
from protocols.pictures.clip import AVI
from protocols.slit_lamp_camera import DIALECT, DICOM, Shot, notes, wrapped

JPEG = "image/jpeg"
KINDS = {".dcm": DICOM, ".jpg": JPEG, ".avi": AVI}
CLIP_S, LONGEST_CLIP_S = 10, 60
OWN = "own"
CAMERA = "camera:///dev/v4l/by-id/… or pictures:///path"
LOST = "the camera gives no picture; nothing was taken"


class Driver:
    """One lamp. ``foot_switch`` is its address on USB; ``maker`` and ``model`` go into the pictures.

    ``shutter`` is ``own`` for the camera's own button, or an input device by a lasting name. ``clip_s`` is how long a
    clip may be, in seconds; ``long_press`` says whether a foot that stays begins one (``clip``) or forgets the eye.
    """

    def __init__(self, settings: Mapping[str, object]) -> None:
        self.choice = Choice()
        self._maker, self._model = (str(settings.get(key, "")) for key in ("maker", "model"))
        url, button = settings.get("foot_switch"), settings.get("shutter")
        self._foot = FootSwitch(_usb(str(url)), self._pressed) if url else None
        self._shutter = Shutter(self._button(str(button)), self._pressed) if button else None
        self._clip_s = _seconds(settings.get("clip_s", CLIP_S))
        self._long = _one_of("long_press", settings.get("long_press", "forget"), ("forget", "clip"))
        self._filming: asyncio.Task[None] | None = None
        self._link: Link | None = None
        self._shots: deque[tuple[Shot, asyncio.Future[None]]] = deque()
        self._turn = asyncio.Lock()
        self._taken_at: datetime | None = None
        self._trouble: str | None = None

    async def run(self, link: Link, emit: Take) -> None:
        """Until the camera is gone. Raises LinkRefused for a link that is no camera."""
        if not getattr(link, "paths", False) or getattr(link, "data", None) is None:
            raise LinkRefused("This is no camera.", f"Write {CAMERA}.", lasting=True)
        await self._left_behind(link.data, emit)  # type: ignore[attr-defined]
        self._link = link
        buttons = [button.run() for button in (self._foot, self._shutter) if button]
        try:
            await until_one_ends(self._pump(link, emit), *buttons)
        finally:
            self._link = None
            await stop(self._filming)
            while self._shots:
                self._shots.popleft()[1].cancel()

    async def _pump(self, link: Link, emit: Take) -> None:
        async for chunk in link:
            await self._taken(Path(os.fsdecode(chunk)), emit)

    def scene(self) -> Mapping[str, str | None]:
        """What is chosen, and how it went."""
        return {
            "eye": self.choice.eye,
            "magnification": self.choice.magnification,
            "illumination": self.choice.illumination,
            "taken_at": f"{self._taken_at:%H:%M:%S}" if self._taken_at else None,
            "foot_switch": self._foot.state if self._foot else None,
            "shutter": self._shutter.state if self._shutter else None,
            "filming": str(self._clip_s) if self._is_filming else None,
            "long_press": self._long,
            "trouble": self._trouble,
        }

    def choose(self, **chosen: str) -> None:
        """Raises OrderRefused."""
        self.choice.choose(**chosen)
        self._trouble = None

    async def take(self) -> None:
        """One picture of the eye that is chosen now; a clip that is being filmed ends first. Raises OrderRefused."""
        shot = self._shot()
        await self._enough()
        await self._order(shot, STILL)

    async def film(self) -> None:
        """Begin a clip of the eye that is chosen now, or end the one that is being filmed. Raises OrderRefused."""
        if self._is_filming:
            await self._enough()
            return
        shot = self._shot()
        if self._link is None:
            raise OrderRefused(LOST)
        self._filming = asyncio.ensure_future(self._film(shot))

    async def look(self) -> bytes:
        """What the camera sees now. Raises OrderRefused."""
        camera: CameraLink | None = getattr(self._link, "camera", None)
        if camera is None:
            raise OrderRefused(LOST)
        try:
            return await camera.look()
        except LinkLost:
            raise OrderRefused(LOST) from None

    @property
    def _is_filming(self) -> bool:
        return self._filming is not None and not self._filming.done()

    async def _film(self, shot: Shot) -> None:
        try:
            await self._order(shot, clip_order(self._clip_s, notes(shot)))
        except OrderRefused:
            self._trouble = "lost"

    async def _enough(self) -> None:
        if self._is_filming and self._link is not None:
            with contextlib.suppress(LinkLost):
                await self._link.write(ENOUGH)

    async def _order(self, shot: Shot, order: bytes) -> None:
        async with self._turn:
            if self._link is None:
                raise OrderRefused(LOST)
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._shots.append(asked := (shot, done))
            try:
                await self._link.write(order)
            except BaseException as failure:
                with contextlib.suppress(ValueError):  # the driver may have ended meanwhile
                    self._shots.remove(asked)
                if isinstance(failure, LinkLost):
                    raise OrderRefused(LOST) from None
                raise
            await asyncio.wait([done])
            if done.cancelled():
                raise OrderRefused(LOST)
        self._trouble = None

    async def _pressed(self, press: Press) -> None:
        """Whatever a foot does while a clip is filmed ends it."""
        if self._is_filming:
            await self._enough()
        elif press is Press.DOUBLE:
            self.choice.toggle()
        elif press is Press.LONG and self._long == "forget":
            self.choice.forget()
        else:
            with contextlib.suppress(OrderRefused):
                await (self.film() if press is Press.LONG else self.take())

    def _button(self, said: str) -> Callable[[], Path | None]:
        """Where the shutter button is, asked anew each time. Raises ValueError."""
        if said == OWN:
            return self._own_button
        if not said.startswith("/") or NUMBERED.match(said):
            raise ValueError(f'shutter is {said!r}; write "own", or a name that `ls /dev/input/by-id` shows')
        return lambda: Path(said)

    def _own_button(self) -> Path | None:
        camera: CameraLink | None = getattr(self._link, "camera", None)
        return own_button(camera.device) if camera else None

    def _shot(self) -> Shot:
        """Everything about a picture that is asked for now. Raises OrderRefused without an eye."""
        try:
            eye = self.choice.of_a_picture()
        except OrderRefused:
            self._trouble = "no_eye"
            raise
        chosen = self.choice
        at = datetime.now().astimezone()
        return Shot(eye, at, chosen.magnification, chosen.illumination, self._maker, self._model)

    async def _taken(self, path: Path, emit: Take) -> None:
        shot, done = self._shots.popleft()
        await emit(await asyncio.to_thread(filed, path, shot))
        self._taken_at = shot.at
        if not done.done():
            done.set_result(None)

    async def _left_behind(self, folder: Path, emit: Take) -> None:
        """What was taken when the current failed. A still whose eye was not yet written down goes without."""
        for path in await asyncio.to_thread(_whole, folder):
            await emit(Filed(path, KINDS[path.suffix], DIALECT))


def filed(path: Path, shot: Shot) -> Filed:
    """The picture as it goes to the record: in its DICOM object, or as it is where it cannot be wrapped unchanged.

    A clip says everything itself. Raises OSError.
    """
    if path.suffix == ".avi":
        return Filed(path, AVI, DIALECT)
    said = {"eye": shot.eye, "magnification": shot.magnification or "", "illumination": shot.illumination or ""}
    about = {"taken_at": shot.at.isoformat(timespec="seconds"), **{key: value for key, value in said.items() if value}}
    try:
        made = wrapped(path.read_bytes(), shot)
    except Unread:
        return Filed(path, JPEG, DIALECT, about)
    wrapping = path.with_suffix(".dcm")
    disk.write(wrapping, made)
    path.unlink()
    return Filed(wrapping, DICOM, DIALECT, about)


def _whole(folder: Path) -> list[Path]:
    """Pictures and clips that are whole, or can be made so, in the order in which they were taken. Raises OSError."""
    for part in folder.glob(f"*{UNFINISHED}"):
        recovered(part)
    return sorted(path for path in folder.glob("*") if path.suffix in KINDS)


def _seconds(said: object) -> int:
    if isinstance(said, bool) or not isinstance(said, int | float) or not 1 <= said <= LONGEST_CLIP_S:
        raise ValueError(f"clip_s is {said!r}; write 1 to {LONGEST_CLIP_S} seconds")
    return int(said)


def _one_of(name: str, said: object, choices: tuple[str, ...]) -> str:
    if said not in choices:
        raise ValueError(f"{name} is {said!r}; write {' or '.join(choices)}")
    return str(said)


def _usb(url: str) -> str:
    try:
        kind, where = address(url)
    except LinkRefused as refusal:
        raise ValueError(str(refusal)) from None
    if kind != "usb-hid":
        raise ValueError(f"foot_switch is {url!r}; write usb-hid://0c45:7403")
    return where
