"""Tables of the queue. A state changes with who, through what, why and when beside it; a trigger keeps each."""

from cloud.queue.models.calls import Call, Press, Screen
from cloud.queue.models.guests import Clearing, Drawn, Move, Stay, Step, Task
from cloud.queue.models.holding import Holding, Kept
from cloud.queue.models.store import Desk, Kind, Lease, Saying, Station

__all__ = [
    "Call",
    "Clearing",
    "Desk",
    "Drawn",
    "Holding",
    "Kept",
    "Kind",
    "Lease",
    "Move",
    "Press",
    "Saying",
    "Screen",
    "Station",
    "Stay",
    "Step",
    "Task",
]
