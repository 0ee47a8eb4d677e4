"""One connection against a socket that can be made to misbehave."""

import asyncio

import mqtt5
import pytest

from deploy.broker.connection import Connection
from deploy.broker.door import Door
from deploy.broker.exchange import Exchange
from deploy.broker.journal import Journal
from deploy.broker.limits import Limits
from deploy.broker.registry import Registry

MILLION = 1_000_000


class Socket:
    """A transport that keeps what is written until it is read."""

    def __init__(self):
        self.written = b""
        self.reading, self.closed = True, False
        self.deaf = False

    def write(self, data):
        self.written += data

    def get_write_buffer_size(self):
        return len(self.written) if self.deaf else 0

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def close(self):
        self.closed = True

    abort = close

    def set_write_buffer_limits(self, high):
        pass

    def get_extra_info(self, name):
        return None


@pytest.fixture
async def registry():
    loop = asyncio.get_running_loop()
    registry = Registry(Exchange(Limits(), Journal(), loop.time), None, loop)
    yield registry
    registry.stop()


@pytest.fixture
def connected(registry):
    door = Door(anonymous=True, users={}, by_certificate=False)
    made = []

    def connect(name):
        connection, socket = Connection(registry, door, set()), Socket()
        connection.connection_made(socket)
        connection.data_received(mqtt5.ConnectPacket(name).write())
        made.append(connection)
        return connection, socket

    yield connect
    for connection in made:
        connection.connection_lost(None)


async def settle(turns=3):
    for _ in range(turns):
        await asyncio.sleep(0)


async def test_answers_nobody_reads_stop_the_listening_until_they_are_read(connected):
    connection, socket = connected("a")
    socket.deaf = True
    connection.pause_writing()
    socket.written = bytes(2 * MILLION)
    connection.data_received(mqtt5.PingReqPacket().write())
    assert not socket.reading

    socket.written = b""
    connection.resume_writing()
    assert socket.reading


async def test_a_busy_client_gives_the_others_their_turn(connected):
    connection, socket = connected("a")
    connection.data_received(mqtt5.PingReqPacket().write() * 1_000)
    assert not socket.reading and len(connection._buffer) > 0

    await settle(10)
    assert socket.reading and not connection._buffer
    assert socket.written.count(mqtt5.PingRespPacket().write()) == 1_000


async def test_a_fault_of_ours_ends_one_connection_and_tells_no_payload(connected, monkeypatch, caplog):
    connection, socket = connected("a")
    monkeypatch.setattr(Connection, "_judge", lambda self, message: 1 / 0)
    connection.data_received(mqtt5.PublishPacket("t", b"private").write())

    packet, _ = mqtt5.read(memoryview(socket.written)[-len(_last(socket)) :])
    assert socket.closed and int(packet.reason_code) == 0x83
    assert "ZeroDivisionError" in caplog.text and "private" not in caplog.text


async def test_bytes_after_the_end_are_ignored(connected):
    connection, socket = connected("a")
    connection.data_received(b"\xf0\x00")
    written = socket.written
    connection.data_received(mqtt5.PingReqPacket().write())
    await settle()

    assert socket.closed and socket.written == written


def _last(socket):
    """The last packet written."""
    view, at = memoryview(socket.written), 0
    while at < len(view):
        start = at
        at += mqtt5.read(view[at:])[1]
    return view[start:]
