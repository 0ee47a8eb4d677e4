"""``emmetra gateway pin``: set the PIN of the page on the gateway. The running gateway takes it up by itself."""

import argparse
import getpass
import sys

from edge import pins
from edge.config import GatewayConfig

TELL = {
    "digits": "A PIN has 6 to 12 digits and nothing else. Nothing was changed.",
    "easy": "That PIN is among the first that anybody tries. Nothing was changed; take another.",
}


def options(parser: argparse.ArgumentParser) -> None:
    """What can be said behind the verb."""
    parser.add_argument("--show", action="store_true", help="print the digest for the configuration, set nothing")


def run(config: GatewayConfig, show: bool = False) -> int:
    """Ask for it twice. 0 when it was set."""
    first = _asked("New PIN (6 to 12 digits): ")
    if first != _asked("Again: "):
        print("The two were not the same. Nothing was changed.", file=sys.stderr)
        return 1
    try:
        found = pins.digest(first)
        if show:
            print(found)
            return 0
        pins.write(config.data, found)
    except pins.WeakPin as weak:
        print(TELL[str(weak)], file=sys.stderr)
        return 1
    except OSError as refusal:
        print(f"{config.data} cannot be written ({refusal.strerror}). Run this as the gateway's user.", file=sys.stderr)
        return 1
    print(f"The PIN is set. {_where(config)}")
    return 0


def _asked(question: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().strip()


def _where(config: GatewayConfig) -> str:
    if not config.console.bind:
        return 'There is no console yet: write bind = "0.0.0.0:8080" below [console] in the configuration.'
    host, port = config.console.place
    return f"Open http://{'<address of this box>' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
