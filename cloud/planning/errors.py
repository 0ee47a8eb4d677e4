"""What can be wrong with a change of the schedule."""


class PlanningError(ValueError):
    """A change that cannot be made."""


class NoSuchThing(PlanningError):
    """There is no such row in this store."""


class NameTaken(PlanningError):
    """Something of this store, or a type of this chain, is called so already."""


class ThePast(PlanningError):
    """What has been is not planned any more."""


class NothingToUndo(PlanningError):
    """It stands as it is."""
