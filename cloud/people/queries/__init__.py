"""Questions about patients."""

from cloud.people.queries.answers import channels_for, consents, may_message, preferences, standing
from cloud.people.queries.arrivals import by_number, resembling
from cloud.people.queries.banners import Banner, banner
from cloud.people.queries.duplicates import Match, Pair, likely, pair, pairs, traits
from cloud.people.queries.history import changes, merges, recent_merges, undone
from cloud.people.queries.listing import PAGE, Narrowed, Page, count, page, search
from cloud.people.queries.patients import ids_of, named, numbered, patient, persons, record, whose
from cloud.people.queries.surroundings import (
    Home,
    Relative,
    alerts,
    allergies,
    contacts,
    households,
    labels,
    reached_at,
    relatives,
    tags,
)

__all__ = [
    "PAGE",
    "Banner",
    "Home",
    "Match",
    "Narrowed",
    "Page",
    "Pair",
    "Relative",
    "alerts",
    "allergies",
    "banner",
    "by_number",
    "changes",
    "channels_for",
    "consents",
    "contacts",
    "count",
    "households",
    "ids_of",
    "labels",
    "likely",
    "may_message",
    "merges",
    "named",
    "numbered",
    "page",
    "pair",
    "pairs",
    "patient",
    "persons",
    "preferences",
    "reached_at",
    "recent_merges",
    "record",
    "relatives",
    "resembling",
    "search",
    "standing",
    "tags",
    "traits",
    "undone",
    "whose",
]
