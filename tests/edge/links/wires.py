"""Far sides for the conformance suite: each gives our link and a way to speak from the other end."""

import asyncio
import contextlib
import os
import pty
import socket
import threading
import tty
import warnings

import serial
from serial import rfc2217

from edge.links import LineSettings, null_modem, open_link


class PtyFar:
    """The master side of a pty, spoken to with plain blocking calls in a thread."""

    def __init__(self):
        self.fd, slave = pty.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        self.slave = slave

    def let_go_of_slave(self):
        os.close(self.slave)
        self.slave = -1

    async def write(self, data):
        await asyncio.to_thread(os.write, self.fd, data)

    async def read(self, count):
        got = b""
        while len(got) < count:
            got += await asyncio.to_thread(os.read, self.fd, count - len(got))
        return got

    async def aclose(self):
        self.close()

    def close(self):
        for fd in (self.fd, self.slave):
            if fd >= 0:
                os.close(fd)
        self.fd = self.slave = -1


class StreamFar:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def write(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def read(self, count):
        return await self.reader.readexactly(count)

    async def aclose(self):
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


class MemoryFar:
    def __init__(self, link):
        self.link, self.pending = link, b""

    async def write(self, data):
        await self.link.write(data)

    async def read(self, count):
        while len(self.pending) < count:
            self.pending += await anext(aiter(self.link))
        got, self.pending = self.pending[:count], self.pending[count:]
        return got

    async def aclose(self):
        await self.link.aclose()


@contextlib.asynccontextmanager
async def memory():
    ours, theirs = null_modem()
    yield ours, MemoryFar(theirs)
    await ours.aclose()


@contextlib.asynccontextmanager
async def over_pty():
    far = PtyFar()
    ours = await open_link(far.path, LineSettings(baud=115200))
    far.let_go_of_slave()
    yield ours, far
    await ours.aclose()
    far.close()


@contextlib.asynccontextmanager
async def over_tcp():
    arrived = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda r, w: arrived.set_result(StreamFar(r, w)), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ours = await open_link(f"socket://127.0.0.1:{port}")
    far = await arrived
    yield ours, far
    await ours.aclose()
    await far.aclose()
    server.close()
    await server.wait_closed()


class Lineless(serial.Serial):
    """A pty has no modem lines, and the server asks for them."""

    cts = dsr = ri = cd = False

    def _update_dtr_state(self):
        pass

    def _update_rts_state(self):
        pass


class PortServer(threading.Thread):
    """An RFC 2217 server as pyserial's own example makes it, serving one pty."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.port = Lineless(path, timeout=0.01)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.client = None
        self.going = True

    @property
    def url(self):
        return f"rfc2217://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self):
        self.client, _ = self.listener.accept()
        self.client.settimeout(0.01)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            manager = rfc2217.PortManager(self.port, self)
        try:
            while self.going:
                self.pump(manager)
        except (OSError, serial.SerialException):
            pass  # either side hung up
        finally:
            self.client.close()

    def write(self, data):
        self.client.sendall(data)

    def pump(self, manager):
        with contextlib.suppress(TimeoutError):
            data = self.client.recv(1024)
            self.going = self.going and bool(data)
            self.port.write(b"".join(manager.filter(data)))
        if data := self.port.read(1024):
            self.write(b"".join(manager.escape(data)))

    def stop(self):
        self.going = False
        self.join()
        self.listener.close()
        self.port.close()


class ServedFar(PtyFar):
    async def aclose(self):
        await asyncio.to_thread(self.server.stop)
        self.close()


@contextlib.asynccontextmanager
async def over_rfc2217():
    far = ServedFar()
    far.server = PortServer(far.path)
    far.server.start()
    ours = await open_link(far.server.url, LineSettings(baud=19200))
    yield ours, far
    await ours.aclose()
    await asyncio.to_thread(far.server.stop)
    far.close()


@contextlib.asynccontextmanager
async def over_ble():
    from tests.edge.links.ble_wire import module_on_air  # a whole Bluetooth stack, for whom it concerns

    async with module_on_air() as pair:
        yield pair


WIRES = {"memory": memory, "pty": over_pty, "tcp": over_tcp, "rfc2217": over_rfc2217, "ble": over_ble}
