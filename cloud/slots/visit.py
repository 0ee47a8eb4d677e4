"""What a visit needs: segments one after another, each with resources out of pools."""

from collections.abc import Mapping
from dataclasses import dataclass

from cloud.slots.layers import Ground

Grounds = Mapping[int, Ground]  # a resource's day by its id


@dataclass(frozen=True)
class Need:
    """``count`` of these resources. Needs of a visit that share a ``same`` are met by one and the same resource."""

    pool: frozenset[int]
    count: int = 1
    same: str | None = None


@dataclass(frozen=True)
class Segment:
    """``length`` quanta with these needs, beginning ``gap`` (least, most) quanta after the segment before has ended."""

    length: int
    needs: tuple[Need, ...]
    gap: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Visit:
    """Segments in order. The patient is asked to come ``before`` quanta after the first reservation begins."""

    segments: tuple[Segment, ...]
    before: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError for a visit that is none."""
        if not self.segments or self.segments[0].gap != (0, 0) or not all(one.needs for one in self.segments):
            raise ValueError("a visit begins with a segment without a gap, and every segment needs somebody")


@dataclass(frozen=True, order=True)
class Place:
    """One resource's part in a visit: quanta ``start`` to before ``end``, in segment number ``segment``."""

    segment: int
    resource: int
    start: int
    end: int
