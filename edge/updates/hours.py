"""When an update may interrupt a store: never while an instrument measures, and in quiet hours where any are set."""

import re
from dataclasses import dataclass
from datetime import datetime, time

QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)\Z")


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of the day to another, over midnight too; local time of the gateway."""

    begin: time
    end: time

    @classmethod
    def of(cls, text: str) -> "Quiet":
        """Read ``21:00-06:30``. Raises ValueError."""
        found = QUIET.match(text)
        if found is None:
            raise ValueError(f"{text!r} is not like 21:00-06:30")
        hours = [int(part) for part in found.groups()]
        return cls(time(hours[0], hours[1]), time(hours[2], hours[3]))

    def now(self, at: datetime) -> bool:
        """Whether it is quiet at this moment. Equal times mean the whole day."""
        clock = at.time()
        if self.begin < self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end
