"""Pages that show the schedule and change it."""

from cloud.planning.views import days, hours, looking, resources, terms, types
from cloud.planning.views.blueprint import bp

__all__ = ["bp", "days", "hours", "looking", "resources", "terms", "types"]
