"""How fast objects are stored by DICOM: ``python -m benchmarks.dicom``.

The same dcmtk storescu sends the same 50 MB object by turns to the gateway's DICOM program and to dcmtk's storescp,
which writes to the same disk, in the same run; then four at once. storescp answers without an fsync and without a hash,
the program only after both. Prints medians, the ratio (aim: at least 0.60) and the program's memory above idle (aim: at
most 150 MB).
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.edge.dicom.objects import TOMOGRAPHY, make
from tests.edge.dicom.peers import Peer, write_config

AT_ONCE = 4
SIDE = 512  # pixels; a frame is 256 KiB
ENVIRONMENT = {**os.environ, "TCP_NODELAY": "1"}  # dcmtk runs with Nagle on: 44 ms for every small message


def objects(folder: Path, megabytes: int, count: int) -> list[Path]:
    """Volumes of so many megabytes, each under its own number."""
    frames = megabytes * 1_000_000 // (SIDE * SIDE)
    paths = [folder / f"{number}.dcm" for number in range(count)]
    for path in paths:
        make(path, TOMOGRAPHY, rows=SIDE, frames=frames, Modality="OPT")
    return paths


def send(port: int, *files: Path) -> float:
    """Seconds until every file, each over an association of its own and all at once, was answered with success."""
    command = [shutil.which("storescu") or "storescu", "-R", "-pdu", "131072", "-aet", "IOLM700", "-aec", "GATEWAY"]
    began = time.perf_counter()
    sending = [subprocess.Popen([*command, "127.0.0.1", str(port), file], env=ENVIRONMENT) for file in files]
    if any(one.wait() for one in sending):
        sys.exit("storescu was not told that all is stored")
    return time.perf_counter() - began


@contextmanager
def storescp(folder: Path, port: int) -> Iterator[int]:
    """The server of dcmtk, a process for every association."""
    folder.mkdir()
    tool = shutil.which("storescp") or "storescp"
    command = [tool, "--fork", "-pdu", "131072", "-aet", "GATEWAY", "-od", str(folder), str(port)]
    server = subprocess.Popen(command, env=ENVIRONMENT)
    time.sleep(0.5)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def by_turns(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Medians of both."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def run(megabytes: int, rounds: int, folder: Path) -> None:
    """Measure and print."""
    with Peer(write_config(folder)) as peer, storescp(folder / "theirs", 11299) as port:
        send(peer.port, *objects(folder, 1, 1))
        idle = _memory(peer)
        for count in (1, AT_ONCE):

            def ours(count: int = count) -> float:
                return send(peer.port, *objects(folder, megabytes, count))

            def theirs(count: int = count) -> float:
                return send(port, *objects(folder, megabytes, count))

            mine, other = by_turns(ours, theirs, rounds)
            size = megabytes * count
            print(f"{count} at once, {megabytes} MB each: {mine:.2f} s, storescp {other:.2f} s", end="; ")
            print(f"{size / mine:.0f} MB/s against {size / other:.0f} MB/s, ratio {other / mine:.2f}")
        print(f"memory above idle: {_peak(peer) - idle:.0f} MB (idle {idle:.0f} MB)")


def _memory(peer: Peer) -> float:
    return float(psutil.Process(peer.process.pid).memory_info().rss / 1e6)


def _peak(peer: Peer) -> float:
    status = Path(f"/proc/{peer.process.pid}/status").read_text("ascii")
    return next(int(line.split()[1]) * 1024 / 1e6 for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", help="on the disk to measure; default is where temporary files go")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        run(args.megabytes, args.rounds, Path(folder))


if __name__ == "__main__":
    main()
