"""Voices: a chime and a sentence over a loudspeaker; in one zone never two at once."""

import asyncio
import logging
import shutil
import tempfile
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from edge.callers import phrases, sound
from edge.callers.clips import ESPEAK, MISSING, Clips
from edge.callers.device import Declined, Did, Fault
from edge.callers.settings import VoiceSettings
from protocols.envelope.calls import Called

log = logging.getLogger("emmetra.callers")
PATIENCE_S = 25.0  # for its turn; a call that is heard later finds nobody who waits for it
GRACE_S = 5.0  # for a player to open the sound card, and to end
SPOKEN = Did("spoken")
REPLACED = "The same ticket was called again before this call was spoken; the later call is spoken in its place."
NO_TURN = "Other calls were spoken for too long; this one was not. Call again."


@dataclass(eq=False, slots=True)
class Announcement:
    """What waits for its turn: of which voice, the ticket, what plays it."""

    voice: str
    ticket: str
    play: Callable[[], Awaitable[Did]]
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    done: "asyncio.Future[Did]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, why: Exception) -> None:
        """Tell whoever asked, who may have gone."""
        self.begun.set()
        self.done.set_exception(why)
        self.done.exception()


class Zone:
    """What can be heard together: one announcement after the other."""

    def __init__(self) -> None:
        self._waiting: deque[Announcement] = deque()
        self._bell = asyncio.Event()

    async def say(self, one: Announcement) -> Did:
        """In its turn; the same ticket of the same voice that still waits gives its place up. Raises Fault.

        Who stops asking while it waits takes it back; what is being spoken is spoken to its end.
        """
        self._enqueue(one)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await one.begun.wait()
        except TimeoutError:
            raise Declined(NO_TURN) from None
        finally:
            if one in self._waiting:
                self._waiting.remove(one)
        return await asyncio.shield(one.done)

    async def run(self) -> None:
        """Speak until cancelled."""
        while True:
            self._bell.clear()
            while self._waiting:
                await _speak(self._waiting.popleft())
            await self._bell.wait()

    def _enqueue(self, one: Announcement) -> None:
        for at, other in enumerate(self._waiting):
            if (other.voice, other.ticket) == (one.voice, one.ticket):
                self._waiting[at] = one
                return other.fail(Declined(REPLACED))
        self._waiting.append(one)
        return self._bell.set()


async def _speak(one: Announcement) -> None:
    one.begun.set()
    try:
        one.done.set_result(await one.play())
    except Exception as failure:
        one.fail(failure)


class Voice:
    """One player in a zone."""

    def __init__(self, name: str, settings: VoiceSettings, zone: Zone, clips: Clips) -> None:
        self.name, self._settings, self._zone, self._clips = name, settings, zone, clips

    async def call(self, called: Called) -> Did:
        """Spoken in its turn. Raises Fault."""
        said = phrases.sentence(called, self._languages(called), self._settings.repeat)
        pcm, ids = await self._clips.joined(said), [one.id for one in said]
        return await self._zone.say(Announcement(self.name, called.ticket, partial(self._play, pcm, ids)))

    async def look(self) -> None:
        """Whether there is a player and somebody to speak. Raises Fault."""
        player = self._settings.player[0]
        if shutil.which(player) is None:
            raise Fault(_no_player(self.name, player))
        if self._settings.clips is None and shutil.which(ESPEAK) is None:
            raise Fault(MISSING)

    async def prepare(self) -> None:
        """Have every phrase spoken that all calls share; without espeak-ng there are clips, or ``look`` tells."""
        try:
            await self._clips.prepare(self._settings.languages or phrases.known())
        except Fault as fault:
            log.warning("%s cannot prepare its phrases: %s", self.name, fault)

    def _languages(self, called: Called) -> list[str]:
        known: list[str] = [one for one in called.languages if one in phrases.known()]
        ours = [one for one in known if one in self._settings.languages or not self._settings.languages]
        return ours or list(self._settings.languages) or known or ["en"]

    async def _play(self, pcm: bytes, ids: list[str]) -> Did:
        """Beside the sound lies which phrases it is made of, in words that name nobody."""
        with tempfile.TemporaryDirectory(prefix="emmetra-call-") as folder:
            file = Path(folder) / "call.wav"
            await asyncio.to_thread(_lay_out, file, pcm, ids)
            await self._played(file, sound.seconds(pcm) + GRACE_S)
        return SPOKEN

    async def _played(self, file: Path, within: float) -> None:
        try:
            none = asyncio.subprocess.DEVNULL
            process = await asyncio.create_subprocess_exec(*self._settings.player, str(file), stdin=none, stdout=none)
        except OSError:
            raise Fault(_no_player(self.name, self._settings.player[0])) from None
        try:
            async with asyncio.timeout(within):
                code = await process.wait()
        except TimeoutError:
            raise Fault(f"The player of {self.name} did not end. Check the sound card and call again.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if code:
            raise Fault(f"The player of {self.name} failed ({code}). Check the loudspeaker and its sound card.")


def _lay_out(file: Path, pcm: bytes, ids: list[str]) -> None:
    file.write_bytes(sound.as_wav(pcm))
    file.with_suffix(".txt").write_text("\n".join(ids) + "\n", "utf-8")


def _no_player(name: str, player: str) -> str:
    return (
        f"The player of {name}, {player}, is not on this gateway. Install it (apt install alsa-utils), or name another."
    )
