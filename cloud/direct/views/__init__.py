"""The patients' pages."""

from cloud.direct.views import beginning, ending, framing, kinds, linked, opening, people, times, wishes
from cloud.direct.views.pages import bp

__all__ = ["beginning", "bp", "ending", "framing", "kinds", "linked", "opening", "people", "times", "wishes"]
