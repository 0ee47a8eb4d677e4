"""``emmetra gateway``: run a gateway, ask how it is, try its configuration, begin a new one, name instruments."""

import argparse
import importlib
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

DEFAULT = "/etc/emmetra/gateway.toml"
VERBS = {
    "run": "run the gateway until Ctrl-C",
    "status": "say how the running gateway is",
    "check": "try everything the configuration names",
    "diag": "pack what support needs to know into one file",
    "pin": "set the PIN of the page on the gateway",
    "init": "write an example configuration",
    "enrol": "make this box a gateway with a claim",
    "renew": "get the next certificate",
    "update": "take in a signed release from a folder, for instance on a stick",
    "scan": "listen on every port and name the instruments",
    "bluetooth": "listen for Bluetooth devices and name them",
    "dicom": "run the part that speaks DICOM by itself",
    "capture": "record what passes on a wire into one file",
}


def main(argv: Sequence[str]) -> int:
    """Run one verb; 0 is well, 1 is not well, 2 is a command or configuration that cannot be used."""
    args = _parser().parse_args(argv)
    path = Path(args.config)
    if args.verb == "init":
        return _init(path)
    if args.verb in ("scan", "capture"):
        return int(importlib.import_module(f"edge.{args.verb}.command").run(args))
    if args.verb == "bluetooth":
        return int(importlib.import_module("edge.scan.bluetooth").run(args))
    if args.verb == "update":
        return int(importlib.import_module("edge.updates.command").run(args))
    if args.verb in ("enrol", "renew"):
        return int(importlib.import_module("edge.identity.command").run(args))
    from edge.config import ConfigRefused, load

    try:
        config = load(path)
    except ConfigRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if args.verb == "run":
        return _run(config, args.verbose)
    if args.verb in ("check", "diag"):
        return int(importlib.import_module("edge.diagnostics.command").run(config, args))
    if args.verb == "dicom":
        program = importlib.import_module("edge.dicom.command")
        return int(program.run(config.dicom, config.data, config.disk_floor_mb, child=args.child))
    if args.verb == "pin":
        return int(importlib.import_module("edge.console.command").run(config, args.show))
    return _status(config, args.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emmetra gateway", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, what in VERBS.items():
        one = verbs.add_parser(verb, help=what, description=what)
        one.add_argument("--config", default=DEFAULT, metavar="FILE", help=f"default {DEFAULT}")
        if verb in ("check", "diag"):
            importlib.import_module("edge.diagnostics.command").options(verb, one)
        if verb == "dicom":
            importlib.import_module("edge.dicom.command").options(one)
        if verb == "pin":
            importlib.import_module("edge.console.command").options(one)
        if verb == "status":
            one.add_argument("--json", action="store_true", help="for programs")
        if verb == "scan":
            _scan_options(one)
        if verb == "bluetooth":
            one.add_argument("--seconds", type=float, default=20.0, metavar="S", help="how long to listen, default 20")
            one.add_argument("--write", metavar="FILE", help="append what you confirm to this configuration")
        if verb == "capture":
            _capture_options(one)
        if verb == "update":
            importlib.import_module("edge.updates.command").options(one)
        if verb in ("enrol", "renew"):
            importlib.import_module("edge.identity.command").options(verb, one)
        if verb == "run":
            one.add_argument("--verbose", action="store_true", help="log more")
    return parser


def _scan_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", action="append", metavar="PORT", help="only this port or socket://host:port; repeat")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="how long to listen, default 60")
    parser.add_argument("--write", metavar="FILE", help="append what you confirm to this configuration")


def _capture_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("port", metavar="PORT", help="a port or an address as in the configuration")
    parser.add_argument("-o", "--output", required=True, metavar="FILE.cap", help="where to")
    parser.add_argument("--seconds", type=float, metavar="S", help="stop after so long instead of at Ctrl-C")
    parser.add_argument("--family", help="let this family's driver answer the instrument while it is recorded")
    parser.add_argument("--model", help="with --family: as this model, at its line")
    parser.add_argument("--blank-names", action="store_true", help="replace patient names and ids")
    parser.add_argument("--baud", type=int)
    parser.add_argument("--bits", type=int, choices=(5, 6, 7, 8))
    parser.add_argument("--parity", choices=("none", "even", "odd", "mark", "space"))
    parser.add_argument("--stop", type=float, choices=(1, 1.5, 2))
    for switch in ("rtscts", "dsrdtr", "xonxoff", "dtr", "rts"):
        parser.add_argument(f"--{switch}", action=argparse.BooleanOptionalAction)


def _run(config: object, verbose: bool) -> int:
    from edge.config import GatewayConfig
    from edge.gateway import GatewayRefused, run

    assert isinstance(config, GatewayConfig)  # noqa: S101
    level = logging.DEBUG if verbose else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", stream=sys.stderr)
    try:
        run(config)
    except GatewayRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _status(config: object, as_json: bool) -> int:
    from edge.config import GatewayConfig
    from edge.status import NotRunning, ask, table

    assert isinstance(config, GatewayConfig)  # noqa: S101
    try:
        found = ask(config.data)
    except NotRunning as refusal:
        print(json.dumps({"error": str(refusal)}) if as_json else refusal, file=sys.stdout if as_json else sys.stderr)
        return 1
    print(json.dumps(found, indent=2) if as_json else table(found))
    return 0


def _init(path: Path) -> int:
    from edge.config import EXAMPLE

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        print(f"{path} is already there and was left as it is.", file=sys.stderr)
        return 1
    except OSError as refusal:
        print(f"{path} cannot be written ({refusal.strerror}). Name another place with --config.", file=sys.stderr)
        return 1
    print(f"Wrote {path}. Correct it, then try: emmetra gateway check --config {path}")
    return 0
