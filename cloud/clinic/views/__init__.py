"""Pages of the clinic room."""

from cloud.clinic.views import examinations, overview, paper, recalls, record, trends
from cloud.clinic.views.door import bp

__all__ = ["bp", "examinations", "overview", "paper", "recalls", "record", "trends"]
