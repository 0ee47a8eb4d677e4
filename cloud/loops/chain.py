"""Which links of the chain are closed, and who is next. Pure.

Tests: ordered, charged, done, reported, seen, told. Medicines: prescribed, checked, charged, prepared, handed out,
explained.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cloud.queue.choices import Machine

CHECK_UP, DISPENSARY = str(Machine.CHECK_UP), str(Machine.DISPENSARY)
# What each link of the chain is closed by: the states from which on it is.
LINKS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    CHECK_UP: (
        ("ordered", ("ordered", "awaiting_payment")),
        ("charged", ("authorised", "queued", "identified", "in_progress", "repeat_requested")),
        ("done", ("captured", "validated")),
        ("reported", ("published",)),
        ("seen", ("seen",)),
        ("told", ("told", "closed")),
    ),
    DISPENSARY: (
        ("prescribed", ("prescribed", "clinical_check")),
        ("checked", ("awaiting_payment",)),
        ("charged", ("reserved", "picked", "second_check")),
        ("prepared", ("labelled",)),
        ("handed_out", ("handed_out",)),
        ("explained", ("counselled", "closed")),
    ),
}
NEXT: Mapping[str, Mapping[str, str]] = {
    CHECK_UP: {
        **dict.fromkeys(("drafted", "ordered"), "orderer"),
        **{"awaiting_payment": "cashier", "captured": "releaser", "validated": "releaser", "published": "orderer"},
        **dict.fromkeys(("authorised", "queued", "identified", "in_progress", "repeat_requested"), "check_up"),
        **{"seen": "teller", "told": "check_up"},
    },
    DISPENSARY: {
        **{"prescribed": "pharmacy", "clinical_check": "pharmacist", "awaiting_payment": "cashier"},
        **{"picked": "second"},
        **dict.fromkeys(("reserved", "second_check", "labelled", "handed_out", "counselled"), "pharmacy"),
        **dict.fromkeys(("returned", "inspected"), "pharmacy"),
    },
}
NEXTS = ("orderer", "cashier", "check_up", "releaser", "teller", "pharmacy", "pharmacist", "second")
FINISHED = ("published", "seen", "told", "closed", "cancelled", "refused", "expired")
RETURNS = ("returned", "inspected")


@dataclass(frozen=True, slots=True)
class Link:
    """One of the chain; ``free`` where there was nothing to pay, ``next`` where it is the one that is waited for."""

    name: str
    closed: bool
    free: bool = False
    next: bool = False


def links(machine: str, state: str, amount: int) -> list[Link]:
    """The chain of a task as it stands; of what came back everything is closed."""
    chain = LINKS[machine]
    at = next((n for n, (_name, states) in enumerate(chain) if state in states), len(chain) if state in RETURNS else -1)
    free = [name == "charged" and not amount for name, _states in chain]
    closed = [n <= at or free[n] for n in range(len(chain))]
    next_one = closed.index(False) if False in closed else None
    return [Link(name, closed[n], free[n], n == next_one) for n, (name, _states) in enumerate(chain)]


def missing(machine: str, state: str, amount: int) -> list[str]:
    """Names of the links that are not closed."""
    return [one.name for one in links(machine, state, amount) if not one.closed]


def next_(machine: str, state: str) -> str:
    """Who is waited for; empty where nobody is."""
    return NEXT[machine].get(state, "")
