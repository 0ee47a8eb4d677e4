"""What the frame around a page shows: where one can go, which store, who is signed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from flask import current_app, g, has_request_context

from cloud.web.notation import Notation

GatewayState = Literal["online", "stale", "offline", "none"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place in the rail; ``icon`` is a Tabler icon's name, written literally so that the build finds it.

    A count with ``live`` topics is asked anew at ``live_href`` whenever one of them is told.
    """

    label: str
    href: str
    icon: str
    active: bool = False
    count: int | None = None
    live: str = ""
    live_href: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One store in the switcher; ``value`` is what the form sends as ``store``."""

    label: str
    value: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a chart; ``key`` opens it."""

    label: str
    href: str
    active: bool = False
    key: str = ""


def no_tabs(_patient_id: int, _active: str) -> Sequence[Tab]:
    """Where nobody is signed in there is no chart to go to."""
    return ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything the layout needs; an empty address leaves that part out.

    ``chart`` names the pages of a patient's chart that this person may open, the one called ``active`` marked.
    """

    nav: Sequence[NavItem] = ()
    chain: str = ""
    store: str = ""
    zone: str = "UTC"
    stores: Sequence[Choice] = ()
    more_stores: bool = False
    store_href: str = ""
    person: str = ""
    role: str = ""
    search_href: str = ""
    find_href: str = ""
    live_href: str = ""
    gateway: GatewayState = "none"
    account_href: str = ""
    sign_in_href: str = "/"
    sign_out_href: str = ""
    notation: Notation = field(default_factory=Notation)
    chart: Callable[[int, str], Sequence[Tab]] = no_tabs
    gateway_tabs: Callable[[int, str], Sequence[Tab]] = no_tabs


Framer = Callable[[], Frame]
KEY = "cloud.web.frame"


def current_frame() -> Frame:
    """The frame of this request, asked for once; an empty one outside a request."""
    if not has_request_context():
        return Frame()
    if "web_frame" not in g:
        g.web_frame = cast(Framer, current_app.extensions[KEY])()
    return cast(Frame, g.web_frame)
