"""Pages of the stations: the board, work lists, money, how long it took, whose the queue is, how a store is set up."""

from cloud.stations.pages import board, holding, line, money, report, settings
from cloud.stations.pages.blueprint import bp

__all__ = ["board", "bp", "holding", "line", "money", "report", "settings"]
