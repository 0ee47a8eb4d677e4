"""The line to one client: a stream cut into packets, answers gathered and written, neither without bounds."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, cast

from mqtt5 import DisconnectReasonCode

from deploy.broker.door import serial
from deploy.broker.limits import Limits
from deploy.broker.wire import Refusal, frame_size, read

log = logging.getLogger(__name__)

_HIGH_WATER = 256 * 1024  # deliveries stop here and wait in their queue, which is counted
_FLOOD = 1024 * 1024  # answers nobody reads: stop listening until they are read
_TURN = 400  # packets of one client before the others are looked at


class Line(asyncio.Protocol, ABC):
    """What a connection is before one knows what is said on it. ``Connection`` fills in the five last methods."""

    def __init__(self, limits: Limits, everybody: "set[Line]") -> None:
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._limits = limits
        self._everybody = everybody
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._needed = 0
        self._out: list[bytes] = []
        self._out_size = 0
        self._paused = False
        self._closing = False
        self._heard = True
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A socket was accepted."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=_HIGH_WATER)
        self._everybody.add(self)
        self._set_timer(self._limits.patience, self._transport.abort)
        if len(self._everybody) > self._limits.connections:
            self._transport.abort()

    @property
    def serial(self) -> str:
        """The serial number of the client's certificate, in hex; empty without one."""
        return serial(self._transport.get_extra_info("peercert"))

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        self._heard = True
        if self._closing:
            return
        self._buffer += data
        if len(self._buffer) >= self._needed:
            self._consume()
        if self._paused and self._transport.get_write_buffer_size() > _FLOOD:
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone, for whatever reason."""
        self._closing = True
        self._everybody.discard(self)
        self._out.clear()
        self.gone.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
        self.left()

    def pause_writing(self) -> None:
        """The client reads too slowly."""
        self._paused = True

    def resume_writing(self) -> None:
        """It caught up."""
        self._paused = False
        if not self._closing:
            self._transport.resume_reading()
        self.caught_up()

    @property
    def room(self) -> bool:
        """Whether more may be written without piling up in memory."""
        return not self._paused and not self._closing and self._out_size < _HIGH_WATER

    @abstractmethod
    def part(self, reason: int, why: str) -> None:
        """Say goodbye with a reason, and close."""

    def close(self) -> None:
        """Close once the last word is written, or when the client has had long enough to read it."""
        if self._closing:
            return
        self._flush()
        self._closing = True
        self._transport.close()
        self._set_timer(self._limits.patience, self._transport.abort)
        self.left()

    def abort(self) -> None:
        """Close without waiting for anybody."""
        self._transport.abort()

    def _consume(self) -> None:
        at = turn = 0
        with memoryview(self._buffer) as view:
            try:
                while at < len(view) and not self._closing and turn < _TURN:
                    turn += 1
                    self._needed = frame_size(view, at, self._limits.packet, greeted=self.greeted)
                    if self._needed == 0 or len(view) - at < self._needed:
                        break
                    self.hear(read(view[at : at + self._needed]))
                    at += self._needed
                    self._needed = 0
            except Refusal as refusal:
                self.refuse(refusal)
            except Exception as broken:
                log.exception("a packet could not be handled: %s", type(broken).__name__)
                self.refuse(Refusal(DisconnectReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the broker failed"))
        self._consumed(at, more=turn == _TURN)

    def _consumed(self, done: int, *, more: bool) -> None:
        if self._closing:
            self._buffer = bytearray()
            return
        del self._buffer[:done]
        if more:
            self._transport.pause_reading()
            self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        """Take the next turn, now that the others had theirs."""
        if not self._closing:
            self._transport.resume_reading()
            self.data_received(b"")

    def _set_timer(self, delay: float, then: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(delay, then)

    def _write(self, data: bytes) -> None:
        self._out.append(data)
        self._wrote(len(data))

    def _wrote(self, size: int) -> None:
        if not self._out_size:
            self._loop.call_soon(self._flush)
        self._out_size += size

    def _flush(self) -> None:
        if not self._out or self._closing:
            return
        self._transport.write(b"".join(self._out))
        self._out.clear()
        self._out_size = 0
        self.caught_up()

    @property
    @abstractmethod
    def greeted(self) -> bool:
        """Whether CONNECT was said."""

    @abstractmethod
    def hear(self, packet: Any) -> None:
        """Take a packet. Raises Refusal."""

    @abstractmethod
    def refuse(self, refusal: Refusal) -> None:
        """Answer a broken rule, and close."""

    @abstractmethod
    def caught_up(self) -> None:
        """There may be room again."""

    @abstractmethod
    def left(self) -> None:
        """The client can be reached no more. Called once or twice."""
