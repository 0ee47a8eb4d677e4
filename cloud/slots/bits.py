"""Sets of quanta as whole numbers: bit ``i`` is the ``i``-th five minutes of a day."""

from collections.abc import Iterable, Iterator


def span(start: int, end: int) -> int:
    """Bits ``start`` to before ``end``; none when that is nothing or less."""
    start = max(start, 0)
    return ((1 << (end - start)) - 1) << start if end > start else 0


def union(masks: Iterable[int]) -> int:
    """What any of them holds."""
    found = 0
    for mask in masks:
        found |= mask
    return found


def runs(free: int, length: int) -> int:
    """Where ``length`` bits in a row begin. Doubling: the number of steps grows with the logarithm of the length."""
    done = 1
    while done < length and free:
        step = min(done, length - done)
        free &= free >> step
        done += step
    return free


def widen(mask: int, before: int, after: int) -> int:
    """Every bit together with the ``before`` bits under it and the ``after`` above it."""
    for _ in range(after):
        mask |= mask << 1
    for _ in range(before):
        mask |= mask >> 1
    return mask


def earlier(mask: int, least: int, most: int) -> int:
    """Where, ``least`` to ``most`` bits later, there is one of ``mask``."""
    return union(mask >> later for later in range(least, most + 1))


def at_least(masks: Iterable[int], count: int) -> int:
    """What at least ``count`` of them hold: ``levels[n]`` are the bits seen n + 1 times so far."""
    levels = [0] * count
    for mask in masks:
        for level in reversed(range(1, count)):
            levels[level] |= levels[level - 1] & mask
        levels[0] |= mask
    return levels[-1]


def places(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def stretches(mask: int) -> Iterator[tuple[int, int]]:
    """Where neighbouring bits begin and end, the earliest first; the end is the first bit that is not set."""
    while mask:
        start = (mask & -mask).bit_length() - 1
        end = start + (~(mask >> start) & ((mask >> start) + 1)).bit_length() - 1
        yield start, end
        mask &= ~span(start, end)
