"""``emmetra gateway update --from FOLDER``: prove a release on a stick and order the gateway to take it in."""

import argparse
import json
import os
import sys
from pathlib import Path

from edge.updates import launcher, proving
from edge.updates.refusals import UpdateRefused
from edge.updates.upkeep import ORDER, STICK
from protocols.envelope.release import MANIFEST, SIGNATURE

HOME = "/opt/emmetra"


def options(parser: argparse.ArgumentParser) -> None:
    """The words of the verb."""
    parser.add_argument("--from", dest="folder", required=True, type=Path, metavar="DIR", help="where the release is")
    parser.add_argument("--back", action="store_true", help="also if it is older than what runs")
    parser.add_argument("--again", action="store_true", help="also if it was tried here and went back")
    parser.add_argument("--home", type=Path, default=HOME, metavar="DIR", help=f"default {HOME}")


def run(args: argparse.Namespace) -> int:
    """0 when the order is given, 1 when the release is refused."""
    folder = args.folder / STICK if (args.folder / STICK).is_dir() else args.folder
    slots = Path(os.environ.get("EMMETRA_SLOTS") or args.home / "slots")
    try:
        version = prove(folder, slots.parent / "keys")
        order = {"from": str(folder.resolve()), "back": args.back, "again": args.again}
        launcher.put(slots / ORDER, json.dumps(order).encode())
    except (UpdateRefused, OSError) as refusal:
        print(f"Nothing was changed: {refusal}", file=sys.stderr)
        return 1
    print(f"{version} is signed. The gateway takes it in as soon as no instrument is at work; leave the stick in.")
    print("How it goes: emmetra gateway status")
    return 0


def prove(folder: Path, keys: Path) -> str:
    """The version of a signed release. Raises UpdateRefused."""
    for name in (MANIFEST, SIGNATURE):
        if not (folder / name).is_file():
            raise UpdateRefused(f"{folder} holds no release: {name} is missing.")
    proving.prove(folder / MANIFEST, folder / SIGNATURE, keys)
    return proving.read((folder / MANIFEST).read_bytes()).version
