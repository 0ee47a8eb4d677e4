"""Pages of the stations: the board, work lists, money, how long it took, how a store is set up."""

from cloud.stations.pages import board, line, money, report, settings
from cloud.stations.pages.blueprint import bp

__all__ = ["board", "bp", "line", "money", "report", "settings"]
