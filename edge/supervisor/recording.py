"""What an instrument said, as rows of the outbox: the capture first, then the readings it gave."""

import hashlib
from typing import Any

import msgspec

from edge.clock import Now
from edge.outbox import Draft
from edge.stamp import stamp
from edge.supervisor.fitting import Fitting, InstrumentSettings
from protocols.envelope import Capture, Clock, encode
from protocols.framing import Garbled, Transmission
from protocols.readings import UNNAMED, Blob, Reading, to_json

_clock = msgspec.json.Encoder()


def drafts(
    said: Transmission | Garbled,
    settings: InstrumentSettings,
    fitting: Fitting,
    *,
    now: Now,
    boot: str,
    apart: Blob | None = None,
) -> tuple[list[Draft], tuple[str, bytes] | None]:
    """Rows for one transmission, and the raw bytes under their name, unless they travel ``apart`` as a blob."""
    sha = apart.sha256 if apart else hashlib.sha256(said.raw).hexdigest()
    clk, dev, drv, drv_v = clock_json(now.clk), settings.name, settings.family, fitting.version

    def draft(kind: str, body: bytes) -> Draft:
        return Draft(kind, dev, drv, drv_v, now.ts_gw, now.mono_ns, clk, boot, body)  # type: ignore[arg-type]

    rows = [draft("capture", _capture(said, sha, fitting.dialect, apart))]
    if isinstance(said, Transmission):
        known = (_known(_pointing(reading, sha), fitting) for reading in said.readings)
        rows += [draft("reading", to_json(stamp(reading, now.ts_gw))) for reading in known]
    return rows, None if apart else (sha, said.raw)


def _capture(said: Transmission | Garbled, sha: str, dialect: str, apart: Blob | None) -> bytes:
    told: dict[str, Any] = {"bytes": apart.bytes, "media_type": apart.media_type} if apart else {"data": said.raw}
    if isinstance(said, Garbled):
        told |= {"why": said.why, "offset": said.offset}
    return encode(Capture(sha256=sha, dialect=dialect, **told))


def _pointing(reading: Reading, sha: str) -> Reading:
    """The reading points at the capture beside it, whatever part of it the dialect hashed."""
    return msgspec.structs.replace(reading, integrity=msgspec.structs.replace(reading.integrity, raw_sha256=sha))


def _known(reading: Reading, fitting: Fitting) -> Reading:
    """An instrument that does not say which model it is, is the one the configuration names."""
    who = reading.instrument
    if who.model != UNNAMED or fitting.model is None or fitting.maker is None:
        return reading
    told = msgspec.structs.replace(who, maker=fitting.maker, model=fitting.model)
    return msgspec.structs.replace(reading, instrument=told)


def clock_json(clk: Clock) -> str:
    """A clock state as JSON text."""
    return _clock.encode(clk).decode()
