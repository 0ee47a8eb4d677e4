"""What the cloud wants this gateway to be, followed with a way back."""

from edge.shadow.cabinet import Cabinet
from edge.shadow.following import Following
from edge.shadow.shadow import Follower, Shadow, Take

__all__ = ["Cabinet", "Follower", "Following", "Shadow", "Take"]
