"""The orders to call somebody and to print a ticket."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

import msgspec

from edge.callers.callers import Callers
from edge.refusals import OrderRefused
from edge.uplink import Telling, Verb
from protocols.envelope.calls import Called, Printed

T = TypeVar("T", Called, Printed)


def verbs(callers: Callers) -> Mapping[str, Verb | Telling]:
    """What can be ordered of a gateway's callers."""

    async def call_patient(args: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        called = _read(args, Called, "the order does not say whom to call where")
        async with aclosing(callers.call(called)) as answering:
            async for answers in answering:
                yield msgspec.to_builtins(answers)

    async def print_ticket(args: dict[str, Any]) -> dict[str, Any]:
        ticket = _read(args, Printed, "the order does not say which ticket to print")
        told: dict[str, Any] = msgspec.to_builtins(await callers.print_ticket(ticket))
        return told

    return {"call_patient": call_patient, "print_ticket": print_ticket}


def _read(args: dict[str, Any], kind: type[T], why: str) -> T:
    """What was ordered. Raises OrderRefused, without a word of what was given: it may name a person."""
    try:
        found = msgspec.convert(args, kind)
    except msgspec.ValidationError:
        raise OrderRefused(why) from None
    if not found.ticket.strip():
        raise OrderRefused(why)
    return found
