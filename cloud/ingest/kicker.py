"""A thread that ends the live connections of gateways that were revoked or replaced.

MQTT 5 lets whoever connects with a client id take its session over: we come as the gateway, with our own certificate
and a clean start, and leave at once. Mosquitto allows that to anyone; the embedded broker to a name that may write
``$CONTROL/take-over``. The commit of the revocation wakes us; what is to be repeated, and what we were not told of, is
found within LOOK_SECONDS. Every process also forgets at once whom it knew under the address.
"""

import logging
import socket
import ssl
import threading
from collections.abc import Callable

import mqtt5
import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from cloud.enrolment import queries, revoking
from cloud.kernel.bell import listening
from cloud.kernel.database import unit_of_work

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PATIENCE = 5.0
Where = tuple[str, int, ssl.SSLContext | None]


class Kicker(threading.Thread):
    """Shows out whoever is to be shown out, of every chain; ``forget`` is told every address that was revoked."""

    def __init__(
        self, engine: Engine, where: Where, forget: Callable[[str], None], name: str = "ingest-kicker"
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._engine, self._where, self._forget = engine, where, forget
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End within LOOK_SECONDS, or PATIENCE where a broker does not answer."""
        self._stopping.set()

    def run(self) -> None:
        """Look after revoked gateways until told to stop."""
        told = False
        while not self._stopping.is_set():
            try:
                with self._engine.connect() as connection:
                    self._listen(connection)
            except (DBAPIError, psycopg.Error, OSError) as trouble:
                if not told:
                    log.error("revoked gateways cannot be shown out (%s); trying until they can", trouble)
                told = True
                self._stopping.wait(LOOK_SECONDS)
            else:
                told = False

    def _listen(self, connection: Connection) -> None:
        heard = listening(connection, revoking.KICKS)
        while not self._stopping.is_set():
            self._round()
            for notice in heard.notifies(timeout=LOOK_SECONDS, stop_after=1):
                self._forget(notice.payload)

    def _round(self) -> None:
        for place in queries.to_kick(self._engine):
            with unit_of_work(self._engine, place.tenant_id) as session:
                kick = queries.kick(session, place.id)
                if kick is not None:
                    take_over(kick.address, self._where)
                    revoking.kicked(session, kick)
                    log.info("whoever was connected as %s was shown out", kick.address)


def take_over(client_id: str, where: Where) -> None:
    """Come to the broker under this client id and leave. Raises OSError where that cannot be done."""
    host, port, tls = where
    with socket.create_connection((host, port), PATIENCE) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with tls.wrap_socket(plain, server_hostname=host) if tls else plain as line:
            line.sendall(mqtt5.ConnectPacket(client_id, clean_start=True, session_expiry_interval=0).write())
            answer = _packet(line)
            if not isinstance(answer, mqtt5.ConnAckPacket) or answer.reason_code != mqtt5.ConnAckReasonCode.SUCCESS:
                raise OSError("the broker does not let ingest take a session over")
            line.sendall(mqtt5.DisconnectPacket().write())


def _packet(line: socket.socket) -> mqtt5.Packet:
    """The first packet that comes."""
    buffer = b""
    while True:
        more = line.recv(4096)
        if not more:
            raise OSError("the broker closed the connection before it answered")
        buffer += more
        try:
            return mqtt5.read(memoryview(buffer))[0]
        except IndexError:
            continue
        except ValueError as broken:
            raise OSError(f"the broker sent what is not MQTT 5: {broken}") from broken
