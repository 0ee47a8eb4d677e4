"""Reading cards: what a reading shows, right eye first; one table per kind, one template for all."""

from cloud.web.cards.assembly import card_of
from cloud.web.cards.shape import Card, Fact, Line, Series

__all__ = ["Card", "Fact", "Line", "Series", "card_of"]
