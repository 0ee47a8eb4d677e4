"""Which line settings are tried, and in which order."""

from collections import Counter
from collections.abc import Iterable

from edge.discovery import Manifest
from edge.links import LineSettings

# What instruments are set to besides what the manifests name.
COMMON = [
    LineSettings(baud, bits, parity)  # type: ignore[arg-type]
    for baud, bits, parity in (
        (9600, 8, "none"),
        (9600, 8, "even"),
        (9600, 8, "odd"),
        (2400, 7, "even"),
        (19200, 8, "none"),
        (38400, 8, "none"),
        (4800, 8, "none"),
        (115200, 8, "none"),
        (9600, 7, "even"),
        (9600, 7, "odd"),
        (2400, 8, "none"),
        (1200, 8, "none"),
        (57600, 8, "none"),
    )
]


def to_try(manifests: Iterable[Manifest]) -> list[LineSettings]:
    """What most models leave the factory with comes first. Stop bits cannot be heard, so one is enough."""
    counted = Counter(
        LineSettings(line.baud, line.bits, line.parity)
        for manifest in manifests
        for model in manifest.models
        if (line := manifest.line(model))
    )
    return list(dict.fromkeys([*(line for line, _ in counted.most_common()), *COMMON]))


def after(
    lines: list[LineSettings], tried: list[LineSettings], slower: bool | None, same_speed: bool
) -> list[LineSettings]:
    """All in a better order, once something was heard at the last of ``tried``: those come last, the oldest first.

    ``slower`` says which way the speed is wrong, when that could be told.
    """
    here = tried[-1]

    def promise(line: LineSettings) -> tuple[int, bool, float]:
        age = tried.index(line) + 1 if line in tried else 0
        if slower is None:
            return age, same_speed and line.baud != here.baud, 0
        way = line.baud != here.baud and (line.baud < here.baud) == slower
        return age, not way, max(line.baud, here.baud) / min(line.baud, here.baud)

    return sorted(lines, key=promise)
