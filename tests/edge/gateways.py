"""A gateway as its own process, with instruments on ptys."""

import asyncio
import contextlib
import os
import signal
import sys

from tests.edge.links.wires import PtyFar

# The simulated instrument speaks in whole captures of a dialect; an invented line dialect keeps these tests
# about the gateway.
RUN = """
import asyncio, signal, sys
from pathlib import Path
from edge import config, gateway
from edge.supervisor import Fitting
from tests.edge.supervisor.test_supervisor import LineDriver
import logging
logging.basicConfig(level=logging.INFO, stream=sys.stderr)

async def main():
    one = gateway.Gateway(config.load(Path(sys.argv[1])), fit=lambda settings: Fitting(LineDriver, "lines", "7"))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, one.stop)
    await one.run()

asyncio.run(main())
"""

CONFIG = """
[gateway]
address = "demo/main/gw-1"
data = "{data}"
disk_floor_mb = 0
[broker]
url = "mqtt://127.0.0.1:{port}"
"""
INSTRUMENT = """
[[instrument]]
name = "i{n}"
family = "lines"
url = "{url}"
"""


class Process:
    """Started, killed, started again on the same data and the same ports."""

    def __init__(self, folder, port, count):
        self.fars = [PtyFar() for _ in range(count)]
        for far in self.fars:
            os.set_blocking(far.fd, False)
        self.config = folder / "gateway.toml"
        text = CONFIG.format(data=folder / "data", port=port)
        text += "".join(INSTRUMENT.format(n=n, url=far.path) for n, far in enumerate(self.fars))
        self.config.write_text(text)
        self.log = folder / "log"

    async def start(self):
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN, str(self.config), stderr=log)

    async def end(self, how):
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(how)
        return await self.process.wait()

    async def stop(self):
        return await self.end(signal.SIGTERM)

    async def kill(self):
        return await self.end(signal.SIGKILL)

    def close(self):
        for far in self.fars:
            far.close()
