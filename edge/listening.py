"""Where the console listens, as the configuration says."""

import re
from dataclasses import dataclass

BIND = re.compile(r"(\[[0-9a-fA-F:]+\]|[0-9A-Za-z.-]+):([0-9]{1,5})\Z")
DEFAULT = "0.0.0.0:8080"


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """``bind`` is host:port, empty for no console; ``pin`` a salted digest."""

    bind: str = ""
    pin: str | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Host and port. Raises ValueError where there is no console."""
        found = BIND.match(self.bind)
        if found is None:
            raise ValueError(self.bind)
        return found[1].strip("[]"), int(found[2])


def is_bind(value: object) -> bool:
    """Whether this is a place to listen at."""
    if value == "":
        return True
    found = BIND.match(value) if isinstance(value, str) else None
    return found is not None and int(found[2]) <= 65_535
