"""Pages of the clinic room."""

from cloud.clinic.views import cases, exam, examinations, overview, paper, recalls, record, trends
from cloud.clinic.views.door import bp

__all__ = ["bp", "cases", "exam", "examinations", "overview", "paper", "recalls", "record", "trends"]
