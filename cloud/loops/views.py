"""Pages of the closed loop: orders, the check-up station, the dispensary, results, what is still open."""

from cloud.loops.pages import check_up, dispensary, ordering, results, tracker
from cloud.loops.pages.blueprint import bp

__all__ = ["bp", "check_up", "dispensary", "ordering", "results", "tracker"]
