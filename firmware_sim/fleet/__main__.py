"""``python -m firmware_sim.fleet``: gateways ``first`` to ``first + count - 1`` of a chain, until SIGTERM.

SIGUSR1 ends capturing. Every half second the standing is written to ``--told``; at the end it names every gateway with
its epoch and the number of rows it captured, so that somebody can look for each of them in the database.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from firmware_sim.fleet.crowd import CAP_S, Crowd
from protocols.envelope import Address


def main(argv: Sequence[str]) -> int:
    """Run until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m firmware_sim.fleet", description=__doc__)
    parser.add_argument("--chain", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--rate", type=float, default=100.0, metavar="N", help="readings a second of all together")
    parser.add_argument("--spread", type=float, default=5.0, metavar="SECONDS", help="of the first connections")
    parser.add_argument("--cap", type=float, default=CAP_S, metavar="SECONDS", help="the longest wait between tries")
    parser.add_argument("--told", type=Path, required=True, metavar="FILE")
    parser.add_argument("--tls-ca", metavar="FILE")
    parser.add_argument("--tls-certificate", metavar="FILE", help="one for all of them")
    parser.add_argument("--tls-key", metavar="FILE")
    asyncio.run(_run(parser.parse_args(argv)))
    return 0


async def _run(asked: argparse.Namespace) -> None:
    names = [address(asked.chain, n) for n in range(asked.first, asked.first + asked.count)]
    settings = {"rate": asked.rate, "seed": asked.first, "cap": asked.cap}
    crowd = Crowd(names, asked.host, asked.port, **settings, tls=_tls(asked))
    running, loop = asyncio.create_task(crowd.run(asked.spread)), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, running.cancel)
    loop.add_signal_handler(signal.SIGUSR1, setattr, crowd, "capturing", False)
    while not running.done():
        _tell(asked.told, crowd.standing())
        await asyncio.wait([running], timeout=0.5)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    rows = [[box.address.store, box.epoch, box.last] for box in crowd.boxes]
    _tell(asked.told, crowd.standing() | {"boxes": rows})


def address(chain: str, n: int) -> Address:
    """The n-th gateway of a chain; each stands in a store of its own."""
    return Address(chain, f"st-{n:05}", "gw-1")


def _tell(path: Path, standing: dict[str, Any]) -> None:
    fresh = path.with_suffix(".fresh")
    fresh.write_text(json.dumps(standing))
    fresh.replace(path)


def _tls(asked: argparse.Namespace) -> ssl.SSLContext | None:
    if not asked.tls_ca:
        return None
    context = ssl.create_default_context(cafile=asked.tls_ca)
    if asked.tls_certificate:
        context.load_cert_chain(asked.tls_certificate, asked.tls_key)
    return context


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
