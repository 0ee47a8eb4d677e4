"""The way from a gateway to the broker, which can go silent without ending: half-open TCP, as behind a dead router."""

import asyncio
import contextlib


class Lines:
    """A port in front of the broker. What is silent stays so: its bytes are swallowed, and neither end is told."""

    def __init__(self, broker_port: int) -> None:
        self._to = broker_port
        self._open: set[Line] = set()
        self._server: asyncio.Server
        self.port = 0

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._through, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def go_silent(self) -> bool:
        """Every connection there is; new ones work. False when there was none."""
        speaking = [line for line in self._open if not line.silent]
        for line in speaking:
            line.silent = True
        return bool(speaking)

    async def aclose(self) -> None:
        """End everything."""
        self._server.close()
        for line in list(self._open):
            line.cut()
        await asyncio.sleep(0)

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        line = Line(writer, far_writer)
        self._open.add(line)
        await asyncio.gather(line.pass_on(reader, far_writer), line.pass_on(far_reader, writer))
        self._open.discard(line)


class Line:
    """One connection, both ways."""

    def __init__(self, *ends: asyncio.StreamWriter) -> None:
        self._ends = ends
        self.silent = False

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """From one end to the other; the end of either ends both, unless nobody can tell."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if not self.silent:
                    writer.write(data)
                    await writer.drain()
        if not self.silent or writer is self._ends[1]:
            self.cut()

    def cut(self) -> None:
        """Both ends."""
        for end in self._ends:
            end.transport.abort()
