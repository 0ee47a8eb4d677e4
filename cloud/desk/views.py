"""Pages of the desk: the calendar, one visit, booking at the counter, the queue."""

from cloud.desk.pages import calendar, counter, keeping, moving, queue, several, visits, wishes
from cloud.desk.pages.blueprint import bp

__all__ = ["bp", "calendar", "counter", "keeping", "moving", "queue", "several", "visits", "wishes"]
