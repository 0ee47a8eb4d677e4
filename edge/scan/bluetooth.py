"""``emmetra gateway bluetooth``: a device measures, is named by what it advertises, and gets its place by an answer."""

import argparse
import asyncio
import re
import sys
from pathlib import Path

from edge.config import ConfigRefused, load
from edge.links import LinkRefused
from edge.links.nearby import Near, nearby

MODELS = {
    "blood_pressure": "Blood pressure monitor",
    "glucose": "Glucose meter",
    "weight": "Weight scale",
    "thermometer": "Thermometer",
    "oximeter": "Pulse oximeter",
}


def run(options: argparse.Namespace) -> int:
    """Listen, tell, ask. 0 when something was heard that can be read, 1 when nothing was."""
    print(f"Listening for {options.seconds:g} s. Measure once with the device now: it sleeps otherwise.", flush=True)
    try:
        found = asyncio.run(nearby(options.seconds))
    except LinkRefused as refusal:
        print(f"{refusal.what}\n-> {refusal.hint}", file=sys.stderr)
        return 1
    print("\n".join(map(told, found)) or "Nothing was heard. A device that a telephone knows may be hidden by it.")
    known = _known(Path(options.config))
    named = [one for one in found if one.profile and one.url not in known]
    for one in named:
        _offer(one, options.write and Path(options.write), set(known.values()))
    return 0 if any(one.url for one in found) else 1


def told(one: Near) -> str:
    """One line for a person."""
    what = one.url or "nothing this gateway reads"
    return f"{one.device}  {one.strength:>4} dBm  {one.name}: {what}"


def block(one: Near, names: set[str]) -> str:
    """Its place in the configuration."""
    model = MODELS[one.profile or ""]
    base = re.sub(r"[^a-z0-9]+", "-", model.lower())
    name = next(name for name in (base, *(f"{base}-{n}" for n in range(2, 1000))) if name not in names)
    lines = ("[[instrument]]", f'name = "{name}"', 'family = "gatt_health"', f'model = "{model}"', f'url = "{one.url}"')
    return "\n".join(lines) + "\n"


def _known(path: Path) -> dict[str, str]:
    """Names by address of what is configured already."""
    try:
        return {one.url: one.name for one in load(path).instruments}
    except ConfigRefused:
        return {}  # a new gateway has none yet


def _offer(one: Near, file: Path | None, names: set[str]) -> None:
    print(f"\n{one.device} ({one.name}): is this the device that just measured? [y/n] ", end="", flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        return
    text = block(one, names)
    if file is None:
        print(f"\n{text}")
        return
    with file.open("a", encoding="utf-8") as out:
        out.write(f"\n{text}")
    print(f"Written to {file}.")
