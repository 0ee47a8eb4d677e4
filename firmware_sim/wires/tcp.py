"""A serial device server: one TCP port, one instrument behind it, as many listeners as come."""

import asyncio
import contextlib

from firmware_sim.wires.mailbox import Mailbox

CHUNK = 4096


class TcpWire:
    """The instrument's end of a listening port."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._mailbox = Mailbox()
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard = asyncio.Event()

    def __aiter__(self) -> Mailbox:
        return self._mailbox

    async def write(self, data: bytes) -> None:
        """Say it to everybody who is connected, if anybody is."""
        for client in tuple(self._clients):
            with contextlib.suppress(OSError):
                client.write(data)
                await client.drain()

    async def connected(self) -> None:
        """Wait until somebody listens."""
        while not self._clients:
            self._heard.clear()
            await self._heard.wait()

    async def unplug(self) -> None:
        """Drop every listener and the port."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for client in tuple(self._clients):
            client.transport.abort()
        await asyncio.gather(*self._tasks)
        await server.wait_closed()

    async def replug(self) -> None:
        """Listen again, on the same port."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def aclose(self) -> None:
        """Unplug for good."""
        await self.unplug()
        self._mailbox.close()

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._listen(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        self._heard.set()
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                self._mailbox.put(chunk)
        self._clients.discard(writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def open_tcp(host: str = "127.0.0.1", port: int = 0) -> TcpWire:
    """A listening port; 0 takes any free one, told by ``port`` afterwards."""
    wire = TcpWire(host, port)
    await wire.replug()
    return wire
