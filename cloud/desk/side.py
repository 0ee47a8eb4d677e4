"""Visits that meet in one column stand side by side."""

from collections.abc import Sequence

Span = tuple[int, int]  # first row, one beyond the last


def lanes(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """For every span its lane and how many lanes it and all it touches need; spans come in order of their start."""
    found: list[tuple[int, int]] = []
    group: list[int] = []
    ends: list[int] = []  # of each lane of the group
    for first, last in spans:
        if ends and first >= max(ends):
            found += [(lane, len(ends)) for lane in group]
            group, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= first), len(ends))
        ends[lane : lane + 1] = [last]
        group.append(lane)
    return found + [(lane, len(ends)) for lane in group]
