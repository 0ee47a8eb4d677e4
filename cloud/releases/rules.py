"""Who is in which ring, when a ring is done, and when a roll-out stops: nothing but arithmetic."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cloud.releases.choices import LONGEST, PERCENTS, SETTLED_PERCENT, Fate
from cloud.releases.errors import RingsRefused
from protocols.envelope.release import order


@dataclass(frozen=True, slots=True)
class Share:
    """A ring: a share of all gateways, or those that were picked."""

    percent: int | None = None
    picked: frozenset[int] = frozenset()


USUAL = tuple(Share(percent) for percent in PERCENTS)


@dataclass(frozen=True, slots=True)
class Counts:
    """How the gateways that were told fare."""

    told: int = 0
    runs: int = 0
    tries: int = 0
    waits: int = 0
    failed: int = 0
    quiet: int = 0

    @classmethod
    def of(cls, fates: Collection[str]) -> "Counts":
        """Count them."""
        found = list(fates)
        return cls(len(found), **{fate.value: found.count(fate.value) for fate in Fate})

    def numbers(self) -> dict[str, int]:
        """For the record of a step."""
        return asdict(self)


def rings(shares: Sequence[Share], gateways: Collection[int], seed: int) -> list[list[int]]:
    """The gateways of each ring, none twice. A share counts all before it: 10 % after 1 % adds nine of a hundred.

    Who is early is drawn anew for each roll-out (``seed``), so that it is not always the same stores; at least one.
    """
    drawn = sorted(gateways, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    taken: set[int] = set()
    found = []
    for share in shares:
        if share.percent is None:
            mine = [one for one in drawn if one in share.picked and one not in taken]
        else:
            upto = max(1, -(-len(drawn) * share.percent // 100)) if drawn else 0
            mine = [one for one in drawn[:upto] if one not in taken]
        taken |= set(mine)
        found.append(mine)
    return found


def stops(counts: Counts, fail_percent: int, quiet_percent: int) -> str | None:
    """Which limit is passed, if any: ``failed`` or ``quiet``. One gateway of one is all of them."""
    if counts.failed * 100 > fail_percent * counts.told:
        return "failed"
    return "quiet" if counts.quiet * 100 > quiet_percent * counts.told else None


def is_done(counts: Counts, since: datetime, soak: timedelta, at: datetime) -> bool:
    """Whether the next ring may begin: the time to watch is over and most have settled, or it took too long."""
    if at - since < soak:
        return False
    settled = counts.runs + counts.failed
    return settled * 100 >= SETTLED_PERCENT * counts.told or at - since >= LONGEST


def shares(percents: str, picked: Collection[int]) -> list[Share]:
    """Rings as they were entered: picked gateways first, then rising shares up to 100. Raises RingsRefused."""
    try:
        numbers = [int(word) for word in percents.replace("%", " ").replace(",", " ").split()]
    except ValueError:
        raise RingsRefused("numbers") from None
    if not numbers or numbers != sorted(set(numbers)) or not numbers[0] >= 1 or numbers[-1] != 100 or len(numbers) > 10:
        raise RingsRefused("rising")
    first = [Share(None, frozenset(picked))] if picked else []
    return [*first, *(Share(percent) for percent in numbers)]


def version_of(software: str) -> str:
    """The version in what a birth says of its software: ``emmetra 0.2.0 on trial``."""
    return software.removeprefix("emmetra ").removesuffix(" on trial")


def is_older(version: str, software: str | None) -> bool:
    """Whether a release is older than what runs; unknown software is older than anything."""
    return bool(software) and order(version) < order(version_of(software or ""))


def by_rank(fates: Sequence[tuple[int, str]], count: int) -> Mapping[int, Counts]:
    """Counts by ring."""
    return {rank: Counts.of([fate for ring, fate in fates if ring == rank]) for rank in range(count)}
