"""Pages of the clinic room."""

from cloud.clinic.views.door import bp

__all__ = ["bp"]
