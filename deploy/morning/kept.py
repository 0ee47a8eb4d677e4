"""What the cloud says of itself: the calls it kept, how their orders fared, the report it makes."""

import csv
import io
import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, select, text

from cloud.calls import sending
from cloud.kernel.database import unit_of_work
from cloud.queue import models

CALLS = """
    SELECT c.id, y.ticket, c.turn, d.number AS door, c.orders, t.sort AS station, s.id AS step, c.told FROM queue_call c
    JOIN queue_step s ON s.id = c.step_id JOIN queue_stay y ON y.id = s.stay_id
    JOIN queue_station t ON t.id = s.station_id LEFT JOIN queue_desk d ON d.id = c.desk_id ORDER BY c.id
"""
ORDERS = "SELECT id, verb, state, why, result, args FROM fleet_order WHERE verb = ANY(:verbs) ORDER BY id"
DEVS = ("desk", "till", "hall", "tv")
VERBS = ["call_patient", "print_ticket"]


@dataclass(frozen=True)
class Order:
    """An order to the gateway: whom, which turn, how it ended, and each caller's answer as (state, why)."""

    verb: str
    state: str
    why: str
    ticket: str
    turn: int
    room: int | None
    callers: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Call:
    """A call as it was kept; ``orders`` are those it became. ``told``: without any, whether the doctor is told why.

    ``callers``: each caller's answer as (state, why), where the gateway called by itself.
    """

    ticket: str
    turn: int
    door: int | None
    station: str
    orders: tuple[int, ...]
    told: bool = True
    callers: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A line of the waiting-time report, in whole seconds."""

    ticket: str
    station: str
    seconds: dict[str, float]


def calls(engine: Engine, chain: int) -> list[Call]:
    """All of the morning."""
    rows = _rows(engine, chain, CALLS)
    mute = _mute(engine, chain, [one.id for one in rows if not one.orders and not one.told])
    return [
        Call(one.ticket, one.turn, one.door, one.station, tuple(one.orders), one.id not in mute, _fared(one.told))
        for one in rows
    ]


def _fared(told: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    return {name: (one["state"], one.get("why", "")) for name, one in told.items()}


def _mute(engine: Engine, chain: int, numbers: list[int]) -> set[int]:
    """Calls of which nothing says why they did not go out."""
    with unit_of_work(engine, chain) as session:
        found = session.scalars(select(models.Call).where(models.Call.id.in_(numbers))).all()
        return {one.id for one in found if not any(told.why for told in sending.fates(session, one))}


def orders(engine: Engine, chain: int) -> dict[int, Order]:
    """All orders to call or to print, by number."""
    return {one.id: _order(one) for one in _rows(engine, chain, ORDERS, verbs=VERBS)}


def _order(row: Any) -> Order:
    told, found = json.loads(row.args), (row.result or {}).get("callers", {})
    return Order(
        row.verb, row.state, row.why or "", told["ticket"], told.get("turn", 1), told.get("room"), _fared(found)
    )


def under_way(engine: Engine, chain: int) -> int:
    """Orders that nobody has answered yet."""
    return sum(one.state in ("queued", "sent", "running") for one in orders(engine, chain).values())


def callers(engine: Engine, chain: int) -> int:
    """Callers that the cloud knows to be connected; a screen is as soon as somebody looks at it."""
    query = "SELECT count(*) AS many FROM fleet_instrument WHERE state <> 'gone' AND dev = ANY(:devs)"
    online = "SELECT 1 FROM fleet_gateway WHERE state = 'online'"
    return int(_rows(engine, chain, query, devs=list(DEVS))[0].many) if _rows(engine, chain, online) else 0


def is_told(engine: Engine, chain: int) -> bool:
    """Whether the gateway has said that it keeps the newest book of the queue."""
    found = _rows(engine, chain, "SELECT NOT due AND busy_until IS NULL AND kept = version AS so FROM queue_holding")
    return any(one.so for one in found)


def is_handed_back(engine: Engine, chain: int) -> bool:
    """Whether the cloud has everything that was done at the gateway."""
    return any(one.ended for one in _rows(engine, chain, "SELECT ended FROM queue_holding WHERE hold IS NOT NULL"))


def beside(engine: Engine, chain: int) -> list[str]:
    """What was done at the gateway and did not fit any more."""
    rows = _rows(engine, chain, "SELECT n, what, why FROM queue_kept WHERE outcome <> 'taken' ORDER BY n")
    return [f"entry {one.n} ({one.what}): {one.why or 'still waits'}" for one in rows]


def entries(engine: Engine, chain: int) -> int:
    """Things done at the gateway."""
    return int(_rows(engine, chain, "SELECT count(*) AS many FROM queue_kept")[0].many)


def report(file: str) -> list[Row]:
    """The file of ``/stations/report.csv``."""
    found = csv.reader(io.StringIO(file.removeprefix("\ufeff")))
    next(found)
    names = ("waits", "called", "served", "away")
    return [Row(one[0], one[1], dict(zip(names, map(float, one[3:7]), strict=True))) for one in found]


def _rows(engine: Engine, chain: int, question: str, **told: object) -> list[Any]:
    with unit_of_work(engine, chain) as session:
        return list(session.execute(text(question), told).all())
