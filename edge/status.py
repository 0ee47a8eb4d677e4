"""How the gateway is, for whoever stands in front of it: JSON over a socket in the data folder."""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

SOCKET = "gateway.sock"
Tell = Callable[[], Awaitable[dict[str, Any]]]


class NotRunning(Exception):
    """Nobody answers at the status socket."""


async def serve(folder: Path, tell: Tell) -> None:
    """Answer every caller with the status, until cancelled."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(json.dumps(await tell()).encode())
            await writer.drain()
        writer.close()

    with _short(folder) as short:
        server = await asyncio.start_unix_server(answer, f"{short}/{SOCKET}")
    async with server:
        await server.serve_forever()


def ask(folder: Path, patience: float = 3.0) -> dict[str, Any]:
    """The status of the gateway that keeps its data in ``folder``. Raises NotRunning."""
    try:
        with _short(folder) as short, socket.socket(socket.AF_UNIX) as call:
            call.settimeout(patience)
            call.connect(f"{short}/{SOCKET}")
            found: dict[str, Any] = json.loads(b"".join(iter(lambda: call.recv(65536), b"")))
            return found
    except (OSError, ValueError):
        raise NotRunning(f"No gateway runs with its data in {folder}. Start it with: emmetra gateway run") from None


@contextlib.contextmanager
def _short(folder: Path) -> Any:
    """A socket's path may have 107 bytes; a deep folder is reached through an open handle."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}" if len(str(folder)) > 80 and Path("/proc/self/fd").exists() else str(folder)
    finally:
        os.close(handle)


def table(status: dict[str, Any]) -> str:
    """The same for people."""
    outbox, broker = status["outbox"], status["broker"]
    lines = [
        f"Gateway {status['address']}, {status['software']}",
        f"Running {_span(status['uptime_s'])}, clock {status['clock']['state']}",
        f"Broker  {broker['state']} for {_span(broker['for_s'])}" + (f": {broker['why']}" if broker["why"] else ""),
        f"Outbox  {outbox['depth']} waiting, oldest {outbox['oldest_at'] or '-'}; {outbox['dead']} dead letters",
        f"        epoch {outbox['epoch']}: {outbox['hwm']} of {outbox['last']} are in the cloud",
        *_blobs(status.get("blobs", {})),
        *_queue(status.get("queue", {})),
        *_update(status.get("update", {})),
        "",
        f"{'INSTRUMENT':<20} {'LANE':<12} {'STATE':<14} {'LAST READING':<14} LINK",
    ]
    lines += [_instrument(each) for each in status["instruments"]] or ["(none configured)"]
    lines += _callers(status.get("callers", []))
    lines += _dicom(status.get("dicom"))
    lines += _repairs(status["repairs"])
    return "\n".join(lines).rstrip()


def _blobs(blobs: dict[str, Any]) -> list[str]:
    """A line about pictures and volumes, where any wait or were refused."""
    if not (blobs.get("blobs") or blobs.get("refused")):
        return []
    line = f"Blobs   {blobs['blobs']} waiting, {blobs['bytes'] / 1e6:.1f} MB to go; {blobs['refused']} refused"
    if now := blobs["sending"]:
        line += f"; {now['sha256'][:12]} at {100 * now['sent'] // max(1, now['bytes'])} %"
    return [line] + ([f"        {blobs['why']}"] if blobs["why"] else [])


def _queue(queue: dict[str, Any]) -> list[str]:
    """A line about the store's queue, while it is held here."""
    if not queue.get("holding"):
        return []
    told = f"{queue['told']} of {queue['entries']} entries are in the cloud"
    return [f"Queue   {'is handed back' if queue['gives'] else 'is held'} since {queue['since']}; {told}"]


def _update(update: dict[str, Any]) -> list[str]:
    """A line about new software, where there is any."""
    if update.get("step", "idle") == "idle":
        return []
    waits = f"; waits for {update['waits_for']}" if update.get("waits_for") else ""
    return [f"Update  {update['version']} is {update['step']}{waits}"]


def _callers(callers: list[dict[str, Any]]) -> list[str]:
    """What calls patients, where anything does."""
    lines = [f"{'CALLER':<20} {'KIND':<12} {'STATE':<14} LINK"] if callers else []
    for one in callers:
        lines += [f"{one['name']:<20} {one['kind']:<12} {one['state']:<14} {one['link']}"]
        lines += [f"  {one['why']}"] * bool(one["why"])
    return ["", *lines] if lines else []


def _dicom(told: dict[str, Any] | None) -> list[str]:
    """The devices that speak DICOM, where any may."""
    if told is None:
        return []
    state = f"listens at {told['where']}" if told["listens"] else f"does not run: {told['why'] or 'it starts'}"
    waiting = f"{told['queue']['objects']} objects, {told['queue']['reports']} reports wait"
    lines = ["", f"DICOM   {told['ae_title']} {state}; {waiting}"]
    lines += [
        f"  {one['name']:<18} {one['ae_title']:<16} {one.get('objects', 0)} objects, last call {one.get('last', '-')}"
        for one in told["devices"]
    ]
    if refused := told["refused"]:
        lines.append(f"  Last refused {refused['at']}: {refused['why']}")
    return lines


def _repairs(found: list[dict[str, Any]]) -> list[str]:
    """Each problem with its steps."""
    lines = []
    for one in found:
        lines += ["", f"! {one['what']}{f' ({subject})' if (subject := one['subject']) else ''}, since {one['since']}"]
        lines += [f"  {one['why']}"] * bool(one["why"])
        lines += [f"  {n}. {step}" for n, step in enumerate(one["steps"], 1)]
    return lines


def _instrument(each: dict[str, Any]) -> str:
    ago = "-" if each["last_reading_s"] is None else f"{_span(each['last_reading_s'])} ago"
    row = f"{each['name']:<20} {each['lane'] or '-':<12} {each['state']:<14} {ago:<14} {each['link']}"
    return row + (f"\n  {each['why']}" if each["why"] else "")


def _span(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
