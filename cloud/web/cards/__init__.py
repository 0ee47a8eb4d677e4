"""Reading cards: what a reading shows, right eye first; one table per kind, one template for all."""

from cloud.web.cards.assembly import card_of
from cloud.web.cards.shape import Card, Drawn, Fact, Line, Series, Viewed

__all__ = ["Card", "Drawn", "Fact", "Line", "Series", "Viewed", "card_of"]
