"""``emmetra sim``: simulated instruments on a pty or a TCP port, and captures played back."""

import argparse
import asyncio
import inspect
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from firmware_sim import buttons
from firmware_sim.catalogue import instruments
from firmware_sim.panel import answer
from firmware_sim.replaying import replay
from firmware_sim.shop import open_shop
from firmware_sim.weather import Weather
from firmware_sim.wires import FolderWire, PtyWire, TcpWire, Wire, open_pty, open_tcp
from firmware_sim.wires.folder import MANNERS
from firmware_sim.wires.uart import Line
from protocols.capture import Entry, NoCapture, load, looks_recorded


class Refused(Exception):
    """Something the command line asked for cannot be; the message is a sentence."""


def main(argv: Sequence[str]) -> int:
    """List, run or replay. Exit code 1 with a sentence when it cannot be done."""
    options = _parser().parse_args(argv)
    try:
        return int(options.does(options))
    except (Refused, NoCapture, OSError) as refusal:
        print(f"emmetra sim: {refusal}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emmetra sim", description="Run simulated instruments.")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    verbs.add_parser("list", help="the instruments there are").set_defaults(does=_list)
    run = verbs.add_parser("run", help="put an instrument on a wire", description=buttons.HELP)
    run.add_argument("instrument", help="a name from: emmetra sim list")
    _wire_options(run)
    _run_options(run)
    run.set_defaults(does=lambda options: asyncio.run(_run(options)))
    again = verbs.add_parser("replay", help="play a captured file, as it was said")
    again.add_argument("file", type=Path, metavar="FILE", help="a recording (.cap) or plain bytes")
    again.add_argument("--fast", action="store_true", help="without the original pauses")
    _wire_options(again)
    again.set_defaults(does=lambda options: asyncio.run(_replay(options)))
    shop = verbs.add_parser("shop", help="a whole store with a morning of patients and a page of buttons")
    shop.add_argument("--folder", type=Path, required=True, help="where the instruments' ports appear")
    shop.add_argument("--buttons", default="127.0.0.1:8100", metavar="HOST:PORT", help="the page with the buttons")
    shop.add_argument("--every", type=float, default=20.0, metavar="SECONDS", help="between print-outs, 0 for none")
    shop.set_defaults(does=lambda options: asyncio.run(_shop(options)))
    return parser


def _wire_options(parser: argparse.ArgumentParser) -> None:
    wire = parser.add_mutually_exclusive_group(required=True)
    wire.add_argument(
        "--pty", nargs="?", const="", metavar="LINK", help="a pseudo-terminal, with a stable name if given"
    )
    wire.add_argument("--tcp", metavar="HOST:PORT", help="a listening port")
    wire.add_argument("--folder", type=Path, metavar="PATH", help="a shared folder, for instruments that write files")
    parser.add_argument(
        "--line", metavar="SETTING", help="on a pty, be garbled unless read at this, such as '9600 8E1'"
    )
    parser.add_argument("--manner", choices=MANNERS, default="direct", help="how files are written into the folder")
    parser.add_argument("--every", type=float, metavar="SECONDS", help="press by the clock instead of the keyboard")
    parser.add_argument("--times", type=int, metavar="N", help="stop after N presses")
    parser.add_argument("--seed", default="0", help="the same seed gives the same eyes and the same luck")
    parser.add_argument(
        "--weather", metavar="SPEC", help="for example drop=0.01,corrupt=0.01,drip=1,delay=0.02,unplug=0.1"
    )


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mode", choices=("NIDEK", "NCP10"), default="NIDEK", help="ask before sending, or just send")
    parser.add_argument("--cr", action="store_true", help="CR code ON")
    parser.add_argument("--patience", type=float, default=3.0, metavar="SECONDS", help="how long to wait for an answer")


def _list(options: argparse.Namespace) -> int:
    known = instruments()
    width = max(map(len, known))
    for name, made in known.items():
        print(f"{name:<{width}}  {made.maker} {made.name}, {' or '.join(made.links)}")
    return 0


async def _shop(options: argparse.Namespace) -> int:
    shop, wires = await open_shop(options.folder)
    host, port = options.buttons.rsplit(":", 1)
    server = await asyncio.start_server(lambda r, w: answer(shop, r, w), host, int(port))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    morning = asyncio.create_task(shop.morning(options.every)) if options.every else None
    await stop.wait()
    if morning:
        morning.cancel()
    server.close()
    for wire in wires:
        await wire.unplug()
    return 0


async def _run(options: argparse.Namespace) -> int:
    async with _wire(options) as wire:
        instrument = _instrument(options, wire)
        async with _listening(instrument):
            async for press in _presses(options):
                await _press(instrument, press)
    return 0


@asynccontextmanager
async def _listening(instrument: Any) -> AsyncIterator[None]:
    """A phoropter hears what is sent to it between two presses."""
    listen = getattr(instrument, "listen", None)
    hearing = asyncio.create_task(listen()) if listen else None
    try:
        yield
    finally:
        if hearing:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)


async def _replay(options: argparse.Namespace) -> int:
    data = options.file.read_bytes()
    entries = load(data).entries if looks_recorded(data) else (Entry(t=0, by="instrument", hex=data.hex()),)
    async with _wire(options) as wire:
        async for _ in _presses(options):
            sent = await replay(entries, wire, options.file.name, fast=options.fast)
            print(f"sent {sent} bytes of {options.file}", flush=True)
    return 0


async def _presses(options: argparse.Namespace) -> AsyncIterator[str]:
    pressed = 0
    async for press in buttons.every(options.every) if options.every is not None else buttons.keyboard():
        yield press
        pressed += 1
        if pressed == options.times:
            return


async def _press(instrument: Any, press: str) -> None:
    if press in ("", "m"):
        await instrument.measure()
    if press in ("", "p"):
        await _print(instrument)
    elif press == "c":
        instrument.clear()
    elif press != "m":
        print(buttons.HELP, flush=True)


async def _print(instrument: Any) -> None:
    try:
        printed = await instrument.print()
    except LookupError as nothing:
        print(nothing, flush=True)
        return
    said = f"sent {len(printed.raw)} bytes" if printed.sent else instrument.display
    print(f"{instrument.name} no. {printed.print_number}: {said}", flush=True)


def _instrument(options: argparse.Namespace, wire: Wire) -> Any:
    known = instruments()
    if options.instrument not in known:
        raise Refused(f"there is no simulated {options.instrument!r}; there are {', '.join(known)}")
    kind = known[options.instrument]
    if options.folder and "folder" not in kind.links:
        raise Refused(f"{kind.name} writes no files; give it --pty or --tcp")
    asked = {"mode": options.mode, "cr_code": options.cr, "patience": options.patience}
    understood = {name for base in kind.__mro__ for name in inspect.signature(base.__init__).parameters}
    return kind(wire, seed=options.seed, **{name: value for name, value in asked.items() if name in understood})


@asynccontextmanager
async def _wire(options: argparse.Namespace) -> AsyncIterator[Wire]:
    weather = _weather(options)
    if weather and options.folder:
        raise Refused("a folder has no weather; --manner says how files are written")
    wire = await _opened(options)
    try:
        yield weather.over(wire) if weather else wire
    finally:
        await wire.aclose()


def _weather(options: argparse.Namespace) -> Weather | None:
    try:
        return Weather.parse(options.weather, options.seed) if options.weather else None
    except ValueError as refusal:
        raise Refused(str(refusal)) from None


def _line(options: argparse.Namespace) -> Line | None:
    try:
        return Line.parse(options.line) if options.line else None
    except ValueError as refusal:
        raise Refused(str(refusal)) from None


async def _opened(options: argparse.Namespace) -> PtyWire | TcpWire | FolderWire:
    if options.folder is not None:
        print(f"writing into {options.folder}", flush=True)
        return FolderWire(options.folder, options.manner)
    if options.tcp is None:
        pty = await open_pty(options.pty or None, _line(options))
        print(f"listening on {pty.path}", flush=True)
        return pty
    host, _, port = options.tcp.rpartition(":")
    if not port.isdecimal():
        raise Refused(f"{options.tcp!r} is no HOST:PORT")
    tcp = await open_tcp(host or "127.0.0.1", int(port))
    print(f"listening on socket://{tcp.host}:{tcp.port}", flush=True)
    return tcp
