"""The worklist as this gateway keeps it: what the cloud last said of the store's days, there without a line too."""

from edge.worklist.keeping import Kept
from edge.worklist.listing import Listing

__all__ = ["Kept", "Listing"]
