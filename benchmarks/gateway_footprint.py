"""What a gateway with four busy instruments weighs: ``python -m benchmarks.gateway_footprint``.

Starts ``emmetra gateway run`` as its own process with four NIDEK drivers on ptys and no broker, and measures the
time until its status answers with all four connected, and its resident memory then.
"""

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
import tty
from pathlib import Path

import psutil

from edge import status

INSTRUMENTS = 4
ROUNDS = 5
CONFIG = """
[gateway]
address = "demo/main/gw-1"
data = "{data}"
[broker]
url = "mqtt://127.0.0.1:1"
"""
INSTRUMENT = """
[[instrument]]
name = "i{n}"
family = "nidek_frame"
url = "{url}"
"""
COMMAND = "import sys; from deploy.cli import main; sys.exit(main(['gateway', 'run', '--config', sys.argv[1]]))"


def measure() -> tuple[float, float]:
    """Seconds until ready, megabytes resident."""
    with tempfile.TemporaryDirectory() as folder:
        pairs = [pty.openpty() for _ in range(INSTRUMENTS)]
        for _, slave in pairs:
            tty.setraw(slave)
        config = Path(folder) / "gateway.toml"
        sections = [INSTRUMENT.format(n=n, url=os.ttyname(slave)) for n, (_, slave) in enumerate(pairs)]
        config.write_text(CONFIG.format(data=folder) + "".join(sections))
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", COMMAND, str(config)], stderr=subprocess.DEVNULL)
        try:
            ready = _until_ready(Path(folder), process) - began
            _speak([master for master, _ in pairs])
            weight = psutil.Process(process.pid).memory_info().rss / 1e6
        finally:
            process.terminate()
            process.wait()
            for fd in (fd for pair in pairs for fd in pair):
                os.close(fd)
    return ready, weight


def _until_ready(folder: Path, process: "subprocess.Popen[bytes]") -> float:
    while process.poll() is None:
        try:
            told = status.ask(folder)
        except status.NotRunning:
            time.sleep(0.005)
            continue
        if all(each["state"] == "connected" for each in told["instruments"]):
            return time.perf_counter()
    raise SystemExit("the gateway did not start")


def _speak(masters: list[int]) -> None:
    """Something to decode and to store: a second of noise that every decoder has to give up on."""
    for _ in range(20):
        for master in masters:
            os.write(master, b"\x01DRM\x02garbled, but kept\x17\x04")
        time.sleep(0.05)


def main() -> None:
    """Print the table."""
    measured = [measure() for _ in range(ROUNDS)]
    for name, values, unit in (("ready", [m[0] for m in measured], "s"), ("resident", [m[1] for m in measured], "MB")):
        print(f"{name:<10} {statistics.median(values):6.2f} {unit}  [{min(values):.2f} - {max(values):.2f}]")


if __name__ == "__main__":
    main()
