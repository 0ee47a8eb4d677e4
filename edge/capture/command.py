"""``emmetra gateway capture PORT -o FILE.cap``: what passes on a wire, with timing and line state, in one file."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edge.capture.blanking import Unblanked, blanked
from edge.capture.recorder import Recorder
from edge.config import LINE
from edge.links import LineSettings, LinkLost, LinkRefused, open_link
from edge.supervisor import Fitting, InstrumentSettings, Misfit
from edge.supervisor.families import fit
from protocols.capture import Entry, Head, Recording, dump, line_of
from protocols.framing import Event


def run(options: argparse.Namespace) -> int:
    """Record until Ctrl-C or the time is over. 0: something was recorded; 1: nothing, or it could not be blanked."""
    try:
        fitting = _fitting(options)
        return asyncio.run(_record(options, fitting))
    except (LinkRefused, LinkLost, Misfit, OSError) as refusal:
        print(f"emmetra gateway capture: {refusal}", file=sys.stderr)
        return 1


def _fitting(options: argparse.Namespace) -> Fitting | None:
    """The driver that answers the instrument, when one was named."""
    if options.family is None:
        return None
    return fit(InstrumentSettings("capture", options.family, options.port, options.model, line=_given(options)))


def _given(options: argparse.Namespace) -> dict[str, Any]:
    return {key: value for key in LINE if (value := getattr(options, key, None)) is not None}


async def _record(options: argparse.Namespace, fitting: Fitting | None) -> int:
    line = fitting.line if fitting else LineSettings(**_given(options))
    link = await open_link(options.port, line)
    heard: list[Entry] = []
    head = _head(options.port, line)
    with Path(options.output).open("wb", buffering=0) as file:  # noqa: ASYNC230 - a line now and then
        note = heard.append if options.blank_names else lambda entry: _written(file, heard, entry)
        if not options.blank_names:
            file.write(line_of(head))
        try:
            await _until_over(Recorder(link, note), fitting, options.seconds)
        finally:
            await link.aclose()
        if options.blank_names:
            return _without_names(file, Recording(head, tuple(heard)))
    return _told(heard)


def _written(file: Any, heard: list[Entry], entry: Entry) -> None:
    file.write(line_of(entry))
    heard.append(entry)
    print(f"\r{sum(len(one.data) for one in heard)} bytes", end="", file=sys.stderr, flush=True)


async def _until_over(recorder: Recorder, fitting: Fitting | None, seconds: float | None) -> None:
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(RuntimeError):  # only the main thread hears of Ctrl-C
            asyncio.get_running_loop().add_signal_handler(number, over.set)
    listening = asyncio.ensure_future(_listened(recorder, fitting))
    watching = asyncio.ensure_future(recorder.watch())
    waiting = asyncio.ensure_future(over.wait())
    await asyncio.wait({listening, waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in (listening, watching, waiting):
        task.cancel()
    await asyncio.gather(watching, waiting, return_exceptions=True)
    with contextlib.suppress(asyncio.CancelledError):
        await listening


def _listened(recorder: Recorder, fitting: Fitting | None) -> Coroutine[Any, Any, None]:
    """Through the driver, which answers; or in silence."""
    return fitting.make().run(recorder, _drop) if fitting else _silently(recorder)


async def _silently(recorder: Recorder) -> None:
    async for _ in recorder:
        pass


async def _drop(event: Event) -> None:
    """What was said is in the file already."""


def _head(port: str, line: LineSettings) -> Head:
    began = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Head(emmetra_capture=1, began=began, port=port, line=str(line), dtr=line.dtr, rts=line.rts)


def _without_names(file: Any, recording: Recording) -> int:
    """Nothing with a name in it is ever written, unless nobody knows where names stand."""
    try:
        recording, remarks = blanked(recording)
    except Unblanked as refusal:
        print(f"NOT BLANKED: {refusal} Keep the file to yourself.", file=sys.stderr)
        file.write(dump(recording))
        return 1
    file.write(dump(recording))
    print(*remarks, sep="\n", end="\n" * bool(remarks), file=sys.stderr)
    return _told(recording.entries)


def _told(entries: Any) -> int:
    heard = sum(len(entry.data) for entry in entries if entry.by == "instrument")
    answered = sum(len(entry.data) for entry in entries if entry.by == "gateway")
    print(f"\r{heard} bytes from the instrument, {answered} from us.", file=sys.stderr)
    return 0 if heard else 1
