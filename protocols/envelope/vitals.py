"""How a gateway fares, in numbers; measurements of patients never travel this way."""

from typing import Literal

from protocols.envelope.messages import Clock, Message


class Vitals(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One look, on ``up/t``, with the short names of ``figures``.

    ``gauges`` are true at that moment, ``counters`` grow from the start of the process ``run``, ``instruments`` are
    the counters of each by its name on the gateway. ``boot`` is the beginning of the boot's name.
    """

    v: Literal[1]
    at: str
    boot: str
    run: str
    clk: Clock
    gauges: dict[str, float] = {}
    counters: dict[str, float] = {}
    instruments: dict[str, dict[str, float]] = {}


class LogChunk(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of a log or a bundle that was asked for by the order ``id``, on ``up/log``; ``data`` is base64."""

    v: Literal[1]
    id: str
    n: int
    of: int
    name: str
    data: bytes
