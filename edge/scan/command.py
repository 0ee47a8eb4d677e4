"""``emmetra gateway scan``: the engineer presses Print everywhere, and confirms instead of typing."""

import argparse
import asyncio
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from edge.config import ConfigRefused, GatewayConfig, load
from edge.scan.naming import UNKNOWN, Found
from edge.scan.scanning import Scanned, ports_here, scan


def run(options: argparse.Namespace) -> int:
    """Listen, tell, ask. 0 when at least one instrument was named."""
    config = _config(Path(options.config))
    instruments = config.instruments if config else ()
    ports = options.port or ports_here(one.url for one in instruments)
    if not ports:
        print("There is no serial port here. Plug an adapter in, or name one with --port.", file=sys.stderr)
        return 1
    print(
        f"Listening on {len(ports)} ports for {options.seconds:g} s. Press Print on every instrument, more than once."
    )
    scanned = asyncio.run(scan(ports, options.seconds, lambda said: print(f"  {said}", flush=True)))
    print("\n".join(["", *map(told, scanned)]))
    _offer(scanned, {one.name for one in instruments}, options.write and Path(options.write))
    return 0 if any(one.found for one in scanned) else 1


def told(one: Scanned) -> str:
    """What was found on a port, with the evidence; or what to do about it."""
    if one.found is None:
        return f"{one.port}\n  {one.why.what}\n  -> {one.why.do}"
    found = one.found
    dialect = found.manifest.dialect.split(".")[-1]
    lines = [one.port, f"  {found.name}, {f'read at {found.line}' if found.line else 'over the network'}"]
    lines += [f"  {dialect}: {found.why} ({found.score} of 100)", f"  it began: {found.evidence}"]
    if found.model is None and found.said != UNKNOWN:
        lines += [f"  {found.said!r} is not on the list of {found.manifest.family}; it is read all the same."]
    return "\n".join(lines)


def _config(path: Path) -> GatewayConfig | None:
    try:
        return load(path)
    except ConfigRefused:
        return None  # a new gateway has none yet


def _offer(scanned: Iterable[Scanned], names: set[str], file: Path | None) -> None:
    """Ask for each instrument, and write or show the block."""
    for one in scanned:
        if one.found and (found := _confirmed(one.port, one.found)):
            name = _name(found, names)
            names.add(name)
            _write(found.block(name, one.port), file)


def _confirmed(port: str, found: Found) -> Found | None:
    """As the engineer says; nothing when it is another."""
    if found.model or found.said != UNKNOWN:
        return found if _asked(f"{port}: is this the {found.name}? [y/n]").lower() in ("y", "yes") else None
    models = [one.model for one in found.possible]
    said = _asked(f"{port}: it does not say which it is. {', '.join(models)}? [model, y to leave it open, n]")
    chosen = next((one for one in found.possible if one.model.lower() == said.lower()), None)
    return found.being(chosen) if chosen else found if said.lower() in ("y", "yes") else None


def _asked(question: str) -> str:
    print(f"\n{question} ", end="", flush=True)
    return sys.stdin.readline().strip()


def _name(found: Found, names: set[str]) -> str:
    """Short, without spaces, and not used yet."""
    said = found.said if found.said != UNKNOWN else found.manifest.family
    model = found.model.model if found.model else said
    base = re.sub(r"[^a-z0-9.]+", "-", model.lower()).strip("-.")[:32] or found.manifest.family
    numbered = (base, *(f"{base}-{n}" for n in range(2, 1000)))
    return next(name for name in numbered if name not in names)


def _write(block: str, file: Path | None) -> None:
    if file is None:
        print(f"\n{block}")
        return
    with file.open("a", encoding="utf-8") as out:
        out.write(f"\n{block}")
    print(f"Written to {file}.")
