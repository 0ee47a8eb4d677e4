"""The broker itself: a listener, and everything behind it started and stopped together."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from mqtt5 import DisconnectReasonCode

from deploy.broker.connection import Connection
from deploy.broker.disk import Disk
from deploy.broker.door import Door, Tls
from deploy.broker.exchange import Exchange
from deploy.broker.journal import Journal
from deploy.broker.limits import Limits
from deploy.broker.line import Line
from deploy.broker.registry import Registry
from deploy.broker.revival import revive
from deploy.broker.revocations import Revocations
from deploy.broker.rules import Rules

_BACKLOG = 512
_LAST_WORDS = 2.0


class Broker:
    """An MQTT 5 broker inside this process.

    Args:
        host: where to listen.
        port: on which port; 0 lets the system choose, ``port`` then says which.
        data: directory in which sessions, their waiting messages and retained messages survive; None keeps
            them in memory only.
        tls: how to encrypt; None is plain TCP.
        rules: who may say and hear what, deny by default; None allows everything to everybody.
        anonymous: whether clients without a proven name may come in.
        users: names and their passwords.
        limits: every ceiling.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        data: str | Path | None = None,
        tls: Tls | None = None,
        rules: Rules | None = None,
        anonymous: bool = True,
        users: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self._asked_port = port
        self._data = None if data is None else Path(data)
        self._tls = tls
        self._rules = rules
        by_certificate = tls is not None and tls.ca is not None and tls.use_identity_as_username
        names_clients = tls is not None and tls.use_username_as_clientid
        self._door = Door(
            anonymous=anonymous, users=users or {}, by_certificate=by_certificate, names_clients=names_clients
        )
        self._limits = limits or Limits()
        self._connections: set[Line] = set()
        self._server: asyncio.Server | None = None
        self._registry: Registry | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read what is on the disk and listen. Raises OSError, ssl.SSLError, Unreadable."""
        loop = asyncio.get_running_loop()
        context = None if self._tls is None else self._tls.context()
        revocations = None
        if self._tls is not None and self._tls.crl is not None:
            revocations = Revocations(self._tls.crl, self._show_out)
            self._door.revoked = revocations.serials
        journal = Journal() if self._data is None else Disk.open(self._data, loop)
        registry = Registry(Exchange(self._limits, journal, loop.time), self._rules, loop)
        try:
            if isinstance(journal, Disk):
                revive(registry, journal)
            self._server = await loop.create_server(
                lambda: Connection(registry, self._door, self._connections),
                self.host,
                self._asked_port,
                ssl=context,
                backlog=_BACKLOG,
                ssl_handshake_timeout=self._limits.patience if context else None,
            )
        except BaseException:
            registry.stop()
            await journal.stop()
            raise
        self._registry = registry
        if revocations is not None:
            self._watching = loop.create_task(revocations.run())
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Say goodbye to everybody, finish writing, stop listening. Sessions on disk live on."""
        server, registry = self._server, self._registry
        if server is None or registry is None:
            return
        self._server = self._registry = None
        server.close()
        await self._stop_watching()
        # a socket accepted in this very turn becomes a connection in the next two
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for connection in list(self._connections):
            connection.part(int(DisconnectReasonCode.SERVER_SHUTTING_DOWN), "the broker is stopping")
        await self._emptied()
        registry.stop()
        await registry.exchange.journal.stop()

    def kick(self, name: str) -> int:
        """Disconnect everybody of a proven name at once and end their sessions; how many there were."""
        return 0 if self._registry is None else self._registry.kick(name)

    def _show_out(self, serials: frozenset[str]) -> None:
        self._door.revoked = serials
        for line in list(self._connections):
            if line.serial in serials:
                line.part(int(DisconnectReasonCode.ADMINISTRATIVE_ACTION), "its certificate is revoked")

    async def _stop_watching(self) -> None:
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _emptied(self) -> None:
        partings = {connection: connection.gone for connection in self._connections}
        if partings:
            await asyncio.wait(partings.values(), timeout=_LAST_WORDS)
        for connection in partings:
            connection.abort()
        if partings:
            await asyncio.wait(partings.values())

    async def __aenter__(self) -> "Broker":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
