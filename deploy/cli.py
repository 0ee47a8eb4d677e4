"""The ``emmetra`` command: the first word picks a room, the room does the rest.

Rooms are imported only when named, so that a gateway never loads Flask and a cloud never loads pyserial.
"""

import importlib
import sys
from collections.abc import Sequence

# word: (module with ``main(argv) -> int``, what it does, the extra that brings what it needs)
ROOMS = {
    "demo-database": ("deploy.demo.database", "", "dev"),
    "demo": ("deploy.demo.command", "a whole store and its cloud on this machine", "dev"),
    "decode": ("deploy.instruments.decode", "print the readings in captured files", "edge"),
    "map": ("deploy.instruments.mapping", "begin a map of an export that nobody has described", "edge"),
    "identify": ("deploy.instruments.identify", "say which instrument could have produced a file", "edge"),
    "blank": ("deploy.instruments.blank", "take the patient out of a captured file", "edge"),
    "instruments": ("deploy.instruments.listing", "list supported instruments with their grade", "edge"),
    "gateway": ("edge.command", "run and check the gateway of a store", "edge"),
    "release": ("deploy.release.command", "build and sign the gateway's software", "edge"),
    "cloud": ("cloud.command", "run and look after the cloud", "cloud"),
    "sim": ("firmware_sim.command", "run simulated instruments", "sim"),
    "sim morning": ("deploy.morning.command", "a morning of 120 people, judged", "dev"),
    "broker": ("deploy.broker.command", "run the embedded MQTT 5 broker", "sim"),
}


def usage() -> str:
    """The help text."""
    lines = [f"  {word:<12} {what}" for word, (_, what, _) in ROOMS.items() if what]
    return "\n".join(["usage: emmetra COMMAND …", "", *lines, "", "emmetra COMMAND --help says more."])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is the room's own, 2 for a word nobody knows."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    if " ".join(args[:2]) in ROOMS:  # a word of two: it needs more than its room has
        return _enter(" ".join(args[:2]), args[2:])
    if args[0] not in ROOMS:
        print(f"emmetra: there is no command {args[0]!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    return _enter(args[0], args[1:])


def _enter(word: str, argv: list[str]) -> int:
    module, _, extra = ROOMS[word]
    try:
        room = importlib.import_module(module)
    except ModuleNotFoundError as missing:
        print(
            f"emmetra {word}: {missing.name} is not installed. Install it with: pip install 'emmetra[{extra}]'",
            file=sys.stderr,
        )
        return 2
    try:
        return int(room.main(argv))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
