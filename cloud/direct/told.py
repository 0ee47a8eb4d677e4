"""What somebody has said so far on their way through the pages: kept with the flow, read back in one shape. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec


class Guardian(msgspec.Struct, omit_defaults=True):
    """Who answers for a child: somebody of the household (``person``), or somebody new."""

    person: str = ""
    family: str = ""
    given: str = ""


class Newcomer(msgspec.Struct, omit_defaults=True):
    """Somebody the practice does not know yet."""

    family: str
    given: str
    born: date
    email: str = ""
    phone: str = ""
    guardian: Guardian | None = None
    reminders: bool = False


class Wish(msgspec.Struct, omit_defaults=True):
    """With whom, in which language, and how a family comes."""

    person: int | None = None
    language: str = ""
    way: str = "after"


class Told(msgspec.Struct, omit_defaults=True):
    """The whole of it.

    A person is named ``p<number>`` when there is a chart and ``n<place>`` when they are one of ``newcomers``; ``types``
    are by person. ``flags`` are the answers to the red flags under ``version``; ``alarmed`` once one was yes. ``at``
    and ``holds`` are the time that is kept and its tokens, ``until`` when that ends, ``key`` what makes a double click
    one booking. ``secret`` shows a type that is hidden to everybody else. ``charts`` were made on the way.
    """

    people: list[str] = []
    newcomers: list[Newcomer] = []
    types: dict[str, int] = {}
    secret: str = ""
    version: str = ""
    flags: dict[str, bool] = {}
    alarmed: bool = False
    wish: Wish = msgspec.field(default_factory=Wish)
    at: datetime | None = None
    holds: list[str] = []
    until: datetime | None = None
    renewed: bool = False
    key: str = ""
    reason: str = ""
    charts: dict[str, int] = {}


def read(kept: Mapping[str, Any]) -> Told:
    """As it was kept."""
    return msgspec.convert(kept, Told)


def plain(told: Told) -> dict[str, Any]:
    """As it is kept."""
    kept: dict[str, Any] = msgspec.to_builtins(told)
    return kept
