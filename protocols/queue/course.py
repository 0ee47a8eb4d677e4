"""Where somebody goes after a step. Pure: the same at the cloud and at a gateway without the internet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from protocols.queue.words import OPEN, Sort, Step


@dataclass(frozen=True, slots=True)
class Leg:
    """A step of a stay: at what sort of station, in which state since when."""

    id: int
    sort: str
    state: str
    since: datetime


def following(legs: Sequence[Leg]) -> tuple[int, Step] | None:
    """Which step goes on, and what it becomes; None where nothing is left, or somebody is busy elsewhere still.

    ``legs`` as they began. What was planned since a doctor sent them away comes first, then that doctor, then the next
    planned step. Medicines come after the doctor whenever they were planned.
    """
    left = [one for one in legs if one.state in OPEN]
    if is_busy(left):
        return None
    away = next((one for one in left if one.state == Step.ORDERS_PLACED), None)
    planned = next((one for one in left if one.state == Step.PLANNED and _is_before(one, away)), None)
    if planned is not None:
        return planned.id, Step.WAITING
    return (away.id, Step.RETURNED) if away is not None else None


def is_busy(legs: Sequence[Leg]) -> bool:
    """Whether somebody waits, is called or is served anywhere."""
    return any(one.state in OPEN and one.state not in (Step.PLANNED, Step.ORDERS_PLACED) for one in legs)


def _is_before(planned: Leg, away: Leg | None) -> bool:
    """Whether a planned step comes before a doctor who waits."""
    return away is None or (planned.since > away.since and planned.sort != Sort.DRUGS)
