"""What a gateway is told by its file, once it has been read."""

from dataclasses import dataclass, field
from pathlib import Path

from edge.blobs.settings import BlobSettings
from edge.callers.settings import CallerSettings
from edge.dicom.settings import DicomSettings
from edge.listening import ConsoleSettings
from edge.queue.settings import QueueSettings
from edge.supervisor.fitting import InstrumentSettings
from edge.updates.upkeep import Settings as UpdateSettings
from edge.uplink.broker import BrokerSettings
from protocols.envelope import Address


class ConfigRefused(Exception):
    """The file cannot be used; each line names one thing and what to do about it."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """All a gateway needs to know."""

    path: Path
    address: Address
    data: Path
    broker: BrokerSettings
    instruments: tuple[InstrumentSettings, ...] = ()
    raw_days: float = 7.0
    disk_floor_mb: int = 64
    trial_s: float = 120.0
    updates: UpdateSettings = field(default_factory=UpdateSettings)
    language: str = "en"
    console: ConsoleSettings = field(default_factory=ConsoleSettings)
    blobs: BlobSettings = field(default_factory=BlobSettings)
    dicom: DicomSettings | None = None
    callers: tuple[CallerSettings, ...] = ()
    queue: QueueSettings = field(default_factory=QueueSettings)
