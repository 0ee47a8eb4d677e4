"""Carries out what the cloud orders, once, and says how far it is.

An order is acknowledged to the broker only after its final state has arrived there. Until then the broker
brings it again with every connection, and the state written down here tells that it is no new one. Orders for one
instrument are carried out one after the other, in the order in which they came; those for others do not wait. Callers
keep their own turns, device by device.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from edge.clock import iso
from edge.outbox import Outbox
from edge.refusals import OrderRefused
from edge.uplink.verdicts import Verdict, verdict
from edge.uplink.wire import Wire
from protocols.envelope import Address, Command, CommandState, Malformed, decode, encode
from protocols.envelope.vitals import LogChunk

log = logging.getLogger("emmetra.orders")
Verb = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
Telling = Callable[[dict[str, Any]], AsyncGenerator[dict[str, Any], None]]  # how far it is; the last is its result
BESIDE = frozenset({"call_patient", "print_ticket"})  # a call that is spoken must not keep the next one from a screen
FINAL = frozenset({"done", "failed", "refused", "expired"})
KEPT_S = 86_400  # how long the broker keeps the state for a cloud that was away
LARGEST = 60 * 1024  # of a result
CHUNK = 48 * 1024  # of a file; 64 KB in base64, a quarter of the largest packet


@dataclass(frozen=True, slots=True)
class Brought:
    """What an order brought that is too large for a result: a verb returns it under the key ``file``.

    It travels on ``up/log`` before the order is told as done; in its place the result says name, size and sha256.
    """

    name: str
    data: bytes = field(repr=False)


class Orders:
    """The commands of this gateway."""

    def __init__(self, address: Address, outbox: Outbox, verbs: Mapping[str, Verb | Telling]) -> None:
        self.address, self._outbox, self._verbs = address, outbox, verbs
        self._waiting: asyncio.Queue[tuple[str, bytes, Callable[[], None]]] = asyncio.Queue()
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def heard(self, name: str, payload: bytes, done: Callable[[], None]) -> None:
        """An order arrived."""
        self._waiting.put_nowait((name, payload, done))

    async def run(self, wire: Wire) -> None:
        """Carry out orders until cancelled; the broker holds back all but twenty."""
        async with asyncio.TaskGroup() as under_way:
            while True:
                under_way.create_task(self._in_turn(wire, *await self._waiting.get()))

    async def _in_turn(self, wire: Wire, name: str, payload: bytes, done: Callable[[], None]) -> None:
        """One order at a time for an instrument, and one at a time under a name: a repeat waits for the first."""
        order = _read(payload)
        dev = "" if isinstance(order, str) else name if order.verb in BESIDE else str(order.args.get("dev", ""))
        async with self._turn("name", name), self._turn("dev", dev):
            state = await self._carry_out(wire, name, order)
            if verdict(await self._report(wire, state)) in (Verdict.TAKEN, Verdict.NOBODY):
                done()

    def _turn(self, of: str, what: str) -> asyncio.Lock:
        return self._turns.setdefault((of, what), asyncio.Lock())

    async def _carry_out(self, wire: Wire, name: str, order: Command | str) -> CommandState:
        """The final state of an order, or of what could not be read and why."""
        if known := await self._outbox.command(name):
            return self._resumed(decode(CommandState, known))
        if isinstance(order, str):
            return await self._keep(_state(name, "refused", f"the order could not be read: {order}"))
        if _left_s(order) <= 0:
            return await self._keep(_state(name, "expired", "it arrived after its deadline"))
        if order.verb not in self._verbs:
            return await self._keep(_state(name, "refused", f"this gateway does not know the order {order.verb!r}"))
        return await self._do(wire, name, order)

    async def _do(self, wire: Wire, name: str, command: Command) -> CommandState:
        for step in ("accepted", "running"):
            await self._report(wire, await self._keep(_state(name, step)))
        limit = asyncio.timeout(_left_s(command))
        told: list[dict[str, Any]] = [{}]
        try:
            async with limit:
                result = await self._sent_ahead(wire, name, await self._result(wire, command, told))
        except Exception as failure:
            why = "its deadline passed before it was done" if limit.expired() else _why(failure)
            log.warning("order %s failed: %s", command.verb, type(failure).__name__)  # never why: it may name a value
            return await self._keep(_state(name, "failed", why, told[-1]))
        return await self._keep(_state(name, "done", result=result))

    async def _result(self, wire: Wire, command: Command, told: list[dict[str, Any]]) -> dict[str, Any]:
        """What the verb brings; how far it is goes into ``told`` and to the cloud meanwhile."""
        doing = self._verbs[command.verb](command.args)
        if not isinstance(doing, AsyncGenerator):
            return await doing
        async with aclosing(doing):
            async for told[-1] in doing:
                await self._report(wire, await self._keep(_state(command.id, "running", result=told[-1])))
        return told[-1]

    async def _sent_ahead(self, wire: Wire, name: str, result: dict[str, Any]) -> dict[str, Any]:
        """The result without its file, which the broker has by now. Raises OrderRefused when it does not take it."""
        brought = result.get("file")
        if not isinstance(brought, Brought):
            text = msgspec.json.encode(result)
            if len(text) <= LARGEST:
                return result
            brought, result = Brought("result.json", text), {}
        pieces = [brought.data[at : at + CHUNK] for at in range(0, len(brought.data), CHUNK)] or [b""]
        for n, piece in enumerate(pieces):
            chunk = LogChunk(v=1, id=name, n=n, of=len(pieces), name=brought.name, data=piece)
            if verdict(await wire.send(self.address.up("log"), encode(chunk))) is not Verdict.TAKEN:
                raise OrderRefused(f"the file was made, but the cloud did not take piece {n + 1} of {len(pieces)}")
        size, sha256 = len(brought.data), hashlib.sha256(brought.data).hexdigest()
        return result | {"file": {"name": brought.name, "size": size, "sha256": sha256}}

    def _resumed(self, known: CommandState) -> CommandState:
        if known.state in FINAL:
            return known
        why = "it was interrupted: the gateway restarted or lost its connection"
        return _state(known.id, "failed", why, known.result)

    async def _keep(self, state: CommandState) -> CommandState:
        await self._outbox.remember_command(state.id, encode(state))
        return state

    async def _report(self, wire: Wire, state: CommandState) -> int:
        return await wire.send(self.address.up("cmd", state.id), encode(state), retain=True, expiry_s=KEPT_S)


def _read(payload: bytes) -> Command | str:
    """The order, or why it is none."""
    try:
        command = decode(Command, payload)
        datetime.fromisoformat(command.deadline)
    except (Malformed, ValueError) as refusal:
        return str(refusal)
    return command


def _left_s(command: Command) -> float:
    return (datetime.fromisoformat(command.deadline).astimezone(UTC) - datetime.now(UTC)).total_seconds()


def _why(failure: Exception) -> str:
    """A refusal speaks for itself; of anything else only the kind is told: it may quote a patient."""
    return str(failure) if isinstance(failure, OrderRefused) else f"the gateway stumbled ({type(failure).__name__})"


def _state(name: str, state: Any, why: str | None = None, result: dict[str, Any] | None = None) -> CommandState:
    return CommandState(v=1, id=name, state=state, at=iso(time.time()), why=why, result=result or {})
