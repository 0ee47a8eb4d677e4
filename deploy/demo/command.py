"""``emmetra demo``: start everything, say where to look, end everything on Ctrl-C."""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.demo.children import Children, DidNotStart, free_port
from deploy.demo.parts import Parts
from deploy.demo.seeding import PASSWORD


class Over(Exception):
    """Somebody asked the demo to end."""


def main(argv: Sequence[str]) -> int:
    """Run the demo until Ctrl-C; 0 after a clean end, 1 when a part did not start."""
    args = _parser().parse_args(argv)
    folder = args.data.resolve()
    if args.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _over)
    try:
        with Children(folder / "log") as children:
            _run(children, folder, args.port)
    except Over:
        print("\nThe demo has ended; its data stays in", folder, flush=True)
        return 0
    except DidNotStart as refusal:
        print(f"emmetra demo: {refusal}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emmetra demo", description="A store and its cloud on this machine.")
    parser.add_argument("--data", type=Path, default=Path("var/demo"), help="where everything is kept (%(default)s)")
    parser.add_argument("--fresh", action="store_true", help="forget what is there and begin anew")
    parser.add_argument("--port", type=int, default=8000, help="where the pages are served (%(default)s)")
    return parser


def _over(number: int, _frame: object) -> None:
    for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Over(number)


def _run(children: Children, folder: Path, wanted: int) -> None:
    print("Starting the demo ...", flush=True)
    parts, buttons = Parts(children, folder, web=wanted), free_port(wanted + 100)
    parts.database()
    parts.seed()
    if not parts.authority_folder.exists():
        parts.authority("init")
    parts.broker()
    parts.ingest()
    parts.worker()
    parts.shop(buttons)
    parts.gateway()
    parts.web()
    _say(parts.web_port, buttons, parts.console_port)
    parts.pictures()  # seconds that nobody waits for: they appear on the page that is open
    while children.ended() is None:
        time.sleep(0.5)
    raise DidNotStart(f"the {children.ended()} ended by itself; its log in {folder / 'log'} says why")


def _say(web: int, buttons: int, console: int) -> None:
    print(
        f"""
  Emmetra is running.

  Pages           http://127.0.0.1:{web}
  Sign in         alice@harbour.example   password {PASSWORD}
                  (the sign-in page lists everyone)
  Instruments     http://127.0.0.1:{buttons}   press Print there, or wait: patients keep coming
  The gateway     http://127.0.0.1:{console}   its own page, for whoever stands before it

  Ctrl-C ends everything.
""",
        flush=True,
    )
