"""Speech as bytes: PCM of 22 050 Hz, one channel, 16 bit, the low byte first; what espeak-ng speaks."""

import io
import math
import struct
import sys
import wave
from array import array

RATE = 22_050
LOUD = 0.1 * 32_767  # RMS of everything that is spoken; about -20 dB of the loudest there is
CEILING = 0.95 * 32_767
STILL = 200  # what is quieter at either end of a phrase is cut away
TAIL_S = 0.08
TONES = (880.0, 698.5)  # Hz: a falling third, as doors have it
TONE_S = 0.45


class NotOurs(ValueError):
    """A sound that cannot be joined with others: what it is, and how to make it fit."""


def seconds(pcm: bytes) -> float:
    """How long it lasts."""
    return len(pcm) / 2 / RATE


def silence(lasting: float) -> bytes:
    """Nothing, for so many seconds."""
    return bytes(2 * int(lasting * RATE))


def chime() -> bytes:
    """Two tones that fade."""
    return levelled(b"".join(map(_tone, TONES))) + silence(TAIL_S)


def _tone(hertz: float) -> bytes:
    count = int(TONE_S * RATE)
    turns = (2 * math.pi * hertz * at / RATE for at in range(count))
    return _bytes(array("h", (int(12_000 * math.exp(-5 * at / count) * math.sin(t)) for at, t in enumerate(turns))))


def levelled(pcm: bytes) -> bytes:
    """As loud as all others by its RMS, as far as its peaks allow."""
    found = _samples(pcm)
    loud = math.sqrt(sum(one * one for one in found) / len(found)) if found else 0
    if not loud:
        return pcm
    gain = min(LOUD / loud, CEILING / max(abs(one) for one in found))
    return _bytes(array("h", (int(one * gain) for one in found)))


def spoken(pcm: bytes) -> bytes:
    """One phrase as it is joined with others: without the stillness around it, levelled, with a breath after it."""
    found = _samples(pcm)
    loud = [at for at, one in enumerate(found) if abs(one) > STILL]
    return levelled(_bytes(found[loud[0] : loud[-1] + 1])) + silence(TAIL_S) if loud else b""


def as_wav(pcm: bytes) -> bytes:
    """A WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(pcm)
    return file.getvalue()


def of_wav(file: bytes) -> bytes:
    """The sound in a WAV file. Raises NotOurs.

    espeak-ng, which does not know how much it will say, writes lengths of 2 GB: what is there counts.
    """
    at, shape = 12, b""
    while file[:4] == b"RIFF" and at + 8 <= len(file):
        name, size = file[at : at + 4], int.from_bytes(file[at + 4 : at + 8], "little")
        if name == b"data":
            _mind(shape)
            data = file[at + 8 : at + 8 + size]
            return data[: len(data) // 2 * 2]
        shape = file[at + 8 : at + 8 + size] if name == b"fmt " else shape
        at += 8 + size + size % 2
    raise NotOurs("it is no WAV file")


def _mind(shape: bytes) -> None:
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", shape[:16].ljust(16, b"\0"))
    if (kind, channels, rate, bits) != (1, 1, RATE, 16):
        raise NotOurs(
            f"it has {rate} Hz, {channels} channels and {bits} bit; make it fit with: ffmpeg -i IN -ar {RATE} -ac 1 OUT"
        )


def _samples(pcm: bytes) -> "array[int]":
    found = array("h", pcm)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _bytes(samples: "array[int]") -> bytes:
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
