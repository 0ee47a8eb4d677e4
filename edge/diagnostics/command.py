"""``emmetra gateway check``: everything the configuration names is tried, and what fails says how to mend it.
``emmetra gateway diag``: one file for support, without secrets and without patients.
"""  # noqa: D205

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from edge import status
from edge.clock import Clock
from edge.config import GatewayConfig
from edge.diagnostics.running import run_all, table, well
from edge.diagnostics.site import Site
from edge.diagnostics.words import LANGUAGES
from edge.timekeeping import floor


def options(verb: str, parser: argparse.ArgumentParser) -> None:
    """What can be said behind the verb."""
    if verb == "check":
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--language", choices=LANGUAGES, help="default: the gateway's")
    if verb == "diag":
        parser.add_argument("-o", "--output", metavar="FILE", help="default diagnostics-TIME.zip here")


def run(config: GatewayConfig, args: argparse.Namespace) -> int:
    """One of the verbs; 0 is well, 1 is not well."""
    return _check(config, args.json, args.language) if args.verb == "check" else _diag(config, args.output)


def site(config: GatewayConfig) -> Site:
    """This machine, and what the running gateway says, if there is one."""
    try:
        told = status.ask(config.data, patience=3)
    except status.NotRunning:
        told = None
    return Site(config, Clock(floor(config.data, config.broker.certificate, Path(__file__))), told)


def _check(config: GatewayConfig, as_json: bool, language: str | None) -> int:
    results = run_all(site(config), language or config.language)
    print(json.dumps([one._asdict() for one in results], indent=2, ensure_ascii=False) if as_json else table(results))
    return 0 if well(results) else 1


def _diag(config: GatewayConfig, output: str | None) -> int:
    from edge.diagnostics.bundle import bundle

    path = Path(output or f"diagnostics-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip")
    try:
        path.write_bytes(bundle(site(config)))
    except OSError as refusal:
        print(f"{path} cannot be written ({refusal.strerror}). Name another place with -o.", file=sys.stderr)
        return 1
    print(f"Wrote {path}: configuration, checks, log and counts; no secrets, no patients. Look into it, then send it.")
    return 0
