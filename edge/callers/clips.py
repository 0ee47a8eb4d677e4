"""The sound of each phrase: a clip that somebody spoke, else what espeak-ng says, made once and kept."""

import asyncio
import logging
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

from edge.callers import phrases, sound
from edge.callers.device import Fault
from edge.callers.phrases import Phrase
from edge.callers.settings import VoiceSettings
from edge.tasks import stop

log = logging.getLogger("emmetra.callers")
ESPEAK = "espeak-ng"
WITHIN_S = 5.0
PAUSE_S = 0.6
MOST = 500  # places that were read once and are kept


class Clips:
    """``folder`` is where what espeak-ng said is kept; names of people never are."""

    def __init__(self, folder: Path, settings: VoiceSettings) -> None:
        self._folder, self._settings = folder, settings
        self._known = {phrases.CHIME: sound.chime(), phrases.PAUSE: sound.silence(PAUSE_S)}

    async def joined(self, said: Iterable[Phrase]) -> bytes:
        """All of it as one PCM. Raises Fault."""
        return b"".join([await self.clip(one) for one in said])

    async def clip(self, phrase: Phrase) -> bytes:
        """One phrase as PCM. Raises Fault."""
        found = self._known.get(self._name(phrase))
        if found is None:
            found = await asyncio.to_thread(self._read, phrase) or await self._made(phrase)
            if phrase.kept:
                self._known[self._name(phrase)] = found
        return found

    async def prepare(self, languages: Iterable[str]) -> None:
        """Make what every call needs, before the first one. Raises Fault."""
        for language in languages:
            for phrase in phrases.lasting(language):
                await self.clip(phrase)

    def _name(self, phrase: Phrase) -> str:
        """A phrase by its text too: when a later version words it otherwise, it is made anew."""
        return f"{phrase.id}.{zlib.crc32(phrase.text.encode()):08x}" if phrase.text else phrase.id

    def _path(self, phrase: Phrase) -> Path:
        return self._folder / self._voice(phrase)[0] / f"{self._name(phrase)}.wav"

    def _voice(self, phrase: Phrase) -> tuple[str, int]:
        voice, speed = phrases.voice(phrase.language)
        return self._settings.voices.get(phrase.language, voice), speed

    def _read(self, phrase: Phrase) -> bytes | None:
        """What lies on the disk; a clip that does not fit is told once and left alone."""
        if not phrase.kept:
            return None
        spoken = self._settings.clips / f"{phrase.id}.wav" if self._settings.clips else None
        for path in filter(None, (spoken, self._path(phrase))):
            try:
                return sound.of_wav(path.read_bytes())
            except OSError:
                continue
            except sound.NotOurs as refusal:
                log.warning("the clip of %s is not used: %s", phrase.id, refusal)
        return None

    async def _made(self, phrase: Phrase) -> bytes:
        pcm = await asyncio.to_thread(sound.spoken, await self._synthesised(phrase))
        if phrase.kept:
            await asyncio.to_thread(self._keep, phrase, pcm)
        return pcm

    async def _synthesised(self, phrase: Phrase) -> bytes:
        """The text goes in by a pipe: what stands in a command can be read by everybody on this machine."""
        voice, speed = self._voice(phrase)
        words = (ESPEAK, "-v", voice, "-s", str(speed), "-b", "1", "--stdin", "--stdout")
        try:
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, stderr=pipe)
        except OSError:
            raise Fault(MISSING) from None
        asking = asyncio.ensure_future(process.communicate(phrase.text.encode()))
        try:
            async with asyncio.timeout(WITHIN_S):
                return sound.of_wav((await asyncio.shield(asking))[0])
        except (TimeoutError, sound.NotOurs):
            raise Fault(f"{ESPEAK} has no voice {voice!r} that speaks. Run: {ESPEAK} -v {voice} test") from None
        finally:
            if process.returncode is None:
                process.kill()
            await stop(asking)

    def _keep(self, phrase: Phrase, pcm: bytes) -> None:
        """Whole or not at all; a disk that takes nothing costs only the time to speak it again."""
        path = self._path(phrase)
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if len(os.listdir(path.parent)) < MOST:  # noqa: PTH208 - names alone
                part.write_bytes(sound.as_wav(pcm))
                part.rename(path)
        except OSError as refusal:
            log.warning("a phrase is not kept: %s", refusal.strerror)


MISSING = f"{ESPEAK} is not on this gateway. Install it: apt install {ESPEAK}, or give the voice clips for all it says."
