"""The brokers under test behind one door, and where they knowingly differ."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from deploy.broker import Broker
from deploy.broker.mosquitto import Mosquitto
from tests.conformance.broker.client import Client
from tests.conformance.broker.differences import DIFFERENCES

PROGRAM = "import sys; from deploy.cli import main; sys.exit(main())"
ROOT = Path(__file__).parents[3]


class House:
    """One implementation. Whatever was opened here is closed here, clients first."""

    def __init__(self, kind, folder):
        self.kind = kind
        self.folder = folder
        self.stack = AsyncExitStack()
        self.broker = None

    def differs(self, number):
        """Whether this implementation knowingly does otherwise; the sentence why is in ``differences``."""
        return self.kind in DIFFERENCES.get(number, {})

    def make(self, **settings):
        if self.kind == "mosquitto":
            return Mosquitto(**settings)
        settings.pop("extra", None)
        return Broker(data=self.folder / "data" if self.kind == "durable" else None, **settings)

    async def open(self, **settings):
        """A running broker."""
        self.broker = await self.stack.enter_async_context(self.make(**settings))
        return self.broker

    async def client(self, client_id="", **settings):
        """A raw client, connected to the broker opened last (opened now, when there is none)."""
        client = await Client.connect(self.broker or await self.open(), client_id, **settings)
        self.stack.callback(client.cut)
        return client

    async def dial(self, **settings):
        """A socket on which nothing was said yet."""
        client = await Client.dial(self.broker or await self.open(), **settings)
        self.stack.callback(client.cut)
        return client

    async def close(self):
        await self.stack.aclose()


class Process:
    """The embedded broker as ``emmetra broker`` runs it, to be killed."""

    host = "127.0.0.1"

    def __init__(self, data=None):
        self.port = 0
        self.data = data

    async def start(self):
        words = ["broker", "--port", str(self.port), *(["--data", str(self.data)] if self.data else [])]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, *words, stdout=-1, cwd=ROOT, env=os.environ
        )
        self.port = int((await self.process.stdout.readline()).rsplit(b":")[-1])

    async def kill(self):
        self.process.kill()
        await self.process.wait()

    async def stop(self):
        with suppress(ProcessLookupError):
            self.process.terminate()
        await self.process.wait()
        # Without this the pipe's transport outlives the test's loop.
        self.process._transport.close()


@asynccontextmanager
async def killable(house):
    """A broker of this implementation in a process of its own."""
    folder = house.folder / "killed"
    process = (
        Mosquitto(data=folder) if house.kind == "mosquitto" else Process(folder if house.kind == "durable" else None)
    )
    await process.start()
    try:
        yield process
    finally:
        await process.stop()
