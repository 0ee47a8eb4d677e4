"""What may be said of the queue in the gateway's configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """``after_s``: so many seconds without the broker, and the gateway calls people by itself."""

    after_s: float = 60.0
