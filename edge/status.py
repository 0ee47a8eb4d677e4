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
        "",
        f"{'INSTRUMENT':<20} {'LANE':<12} {'STATE':<14} {'LAST READING':<14} LINK",
    ]
    lines += [_instrument(each) for each in status["instruments"]] or ["(none configured)"]
    lines += ["", *(f"! {code}: {sentence}" for code, sentence in status["alarms"].items())]
    return "\n".join(lines).rstrip()


def _instrument(each: dict[str, Any]) -> str:
    ago = "-" if each["last_reading_s"] is None else f"{_span(each['last_reading_s'])} ago"
    row = f"{each['name']:<20} {each['lane'] or '-':<12} {each['state']:<14} {ago:<14} {each['link']}"
    return row + (f"\n  {each['why']}" if each["why"] else "")


def _span(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
