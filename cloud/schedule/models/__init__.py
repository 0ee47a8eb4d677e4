"""Tables of the schedule room."""

from cloud.schedule.models.hours import Block, Dated, Rule
from cloud.schedule.models.resources import Policy, Resource
from cloud.schedule.models.types import Length, Need, Offered, Quota, Segment, Type
from cloud.schedule.models.versions import Version

__all__ = [
    "Block",
    "Dated",
    "Length",
    "Need",
    "Offered",
    "Policy",
    "Quota",
    "Resource",
    "Rule",
    "Segment",
    "Type",
    "Version",
]
