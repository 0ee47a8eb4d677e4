"""Pages of the clinic room."""

from cloud.clinic.views import exam, examinations, overview, paper, recalls, record, trends
from cloud.clinic.views.door import bp

__all__ = ["bp", "exam", "examinations", "overview", "paper", "recalls", "record", "trends"]
