"""Carries out what the cloud orders, once, and says how far it is.

An order is acknowledged to the broker only after its final state has arrived there. Until then the broker
brings it again with every connection, and the state written down here tells that it is no new one.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from edge.clock import iso
from edge.outbox import Outbox
from edge.uplink.verdicts import Verdict, verdict
from edge.uplink.wire import Wire
from protocols.envelope import Address, Command, CommandState, Malformed, decode, encode

log = logging.getLogger("emmetra.orders")
Verb = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
FINAL = frozenset({"done", "failed", "refused", "expired"})
KEPT_S = 86_400  # how long the broker keeps the state for a cloud that was away


class Orders:
    """The commands of this gateway."""

    def __init__(self, address: Address, outbox: Outbox, verbs: dict[str, Verb]) -> None:
        self._address, self._outbox, self._verbs = address, outbox, verbs
        self._waiting: asyncio.Queue[tuple[str, bytes, Callable[[], None]]] = asyncio.Queue()

    def heard(self, name: str, payload: bytes, done: Callable[[], None]) -> None:
        """An order arrived."""
        self._waiting.put_nowait((name, payload, done))

    async def run(self, wire: Wire) -> None:
        """Carry out orders one after the other."""
        while True:
            name, payload, done = await self._waiting.get()
            state = await self._carry_out(wire, name, payload)
            if state is None or verdict(await self._report(wire, state)) in (Verdict.TAKEN, Verdict.NOBODY):
                done()

    async def _carry_out(self, wire: Wire, name: str, payload: bytes) -> CommandState | None:
        """The final state, or None for something that is no order at all."""
        if known := await self._outbox.command(name):
            return self._resumed(decode(CommandState, known))
        try:
            command = decode(Command, payload)
            late = datetime.fromisoformat(command.deadline).astimezone(UTC) <= datetime.now(UTC)
        except (Malformed, ValueError) as refusal:
            return await self._keep(_state(name, "refused", f"the order could not be read: {refusal}"))
        if late:
            return await self._keep(_state(name, "expired", "it arrived after its deadline"))
        if command.verb not in self._verbs:
            return await self._keep(_state(name, "refused", f"this gateway does not know the order {command.verb!r}"))
        return await self._do(wire, name, command)

    async def _do(self, wire: Wire, name: str, command: Command) -> CommandState:
        for step in ("accepted", "running"):
            await self._report(wire, await self._keep(_state(name, step)))
        try:
            result = await self._verbs[command.verb](command.args)
        except Exception as failure:
            log.exception("order %s failed", command.verb)
            return await self._keep(_state(name, "failed", type(failure).__name__))
        return await self._keep(_state(name, "done", result=result))

    def _resumed(self, known: CommandState) -> CommandState:
        if known.state in FINAL:
            return known
        return _state(known.id, "failed", "it was interrupted: the gateway restarted or lost its connection")

    async def _keep(self, state: CommandState) -> CommandState:
        await self._outbox.remember_command(state.id, encode(state))
        return state

    async def _report(self, wire: Wire, state: CommandState) -> int:
        return await wire.send(self._address.up("cmd", state.id), encode(state), retain=True, expiry_s=KEPT_S)


def _state(name: str, state: Any, why: str | None = None, result: dict[str, Any] | None = None) -> CommandState:
    return CommandState(v=1, id=name, state=state, at=iso(time.time()), why=why, result=result or {})
