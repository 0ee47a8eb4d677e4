"""Words and measures of the releases room."""

from datetime import timedelta
from enum import StrEnum

PIECE = 1 << 20  # bytes of an archive in one row: an answer to a gateway never holds more in memory
PERCENTS = (1, 10, 50, 100)
SOAK_MINUTES, FAIL_PERCENT, QUIET_PERCENT = 60, 5, 5
# A gateway that restarts into a trial is back within a minute; the broker says so 20 s after it fell silent.
QUIET_AFTER = timedelta(minutes=15)
# Nobody waits for ever: a gateway that is switched off or never quiet does not hold up the ring.
LONGEST = timedelta(days=3)
SETTLED_PERCENT = 90
BATCH = 100


class Step(StrEnum):
    """What happened to a roll-out."""

    STARTED = "started"
    RING = "ring"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    GOING_BACK = "going_back"
    GONE_BACK = "gone_back"
    FINISHED = "finished"


class Deed(StrEnum):
    """What a person may do with a roll-out."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    BACK = "back"


OVER = (Step.FINISHED.value, Step.GONE_BACK.value)
# The step a person's deed makes, and after which steps it may be done.
DEEDS = {
    Deed.PAUSE: (Step.PAUSED, {Step.STARTED, Step.RING, Step.RESUMED}),
    Deed.RESUME: (Step.RESUMED, {Step.PAUSED, Step.STOPPED}),
    Deed.STOP: (Step.STOPPED, {Step.STARTED, Step.RING, Step.RESUMED, Step.PAUSED}),
    Deed.BACK: (Step.GOING_BACK, {Step.STARTED, Step.RING, Step.RESUMED, Step.PAUSED, Step.STOPPED, Step.FINISHED}),
}


class Fate(StrEnum):
    """How a gateway fares with a release it was told of."""

    RUNS = "runs"
    TRIES = "tries"
    WAITS = "waits"
    FAILED = "failed"
    QUIET = "quiet"
