"""What may be said of blobs in the gateway's configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlobSettings:
    """``days`` a blob stays on the gateway once the cloud has it; ``kbit_s`` is as fast as it is sent (0: no limit)."""

    days: float = 7.0
    kbit_s: float = 0.0
