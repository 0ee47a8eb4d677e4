"""Pages over the whole fleet, whichever room they belong to: those that are there and that the reader may open."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _

from cloud.accounts.gate import me, rule_of


@dataclass(frozen=True, slots=True)
class Link:
    """One of them; ``key`` opens it."""

    label: str
    href: str
    icon: str
    active: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its endpoint: a word, not an import."""

    endpoint: str
    word: object
    icon: str
    key: str = ""


PAGES = (
    Place("fleet.fleet", _("List"), icon="list"),
    Place("operations.world", _("Map"), icon="map-2", key="m"),
    Place("operations.alerts", _("Alerts"), icon="bell", key="a"),
    Place("operations.inventory", _("Instruments"), icon="microscope", key="i"),
    Place("operations.bulks", _("Actions"), icon="checklist"),
    Place("enrolment.claims", _("Claims"), icon="qrcode"),
    Place("releases.releases", _("Software"), icon="package"),
    Place("telemetry.fleet", _("Figures"), icon="chart-line"),
    Place("imaging.space", _("Space"), icon="database"),
)


def links() -> list[Link]:
    """The pages, the present one marked."""
    mine = [one for one in PAGES if one.endpoint in current_app.view_functions and _opens(one.endpoint)]
    return [Link(str(p.word), url_for(p.endpoint), p.icon, request.endpoint == p.endpoint, p.key) for p in mine]


def _opens(endpoint: str) -> bool:
    return set(rule_of(current_app, endpoint) or ()) <= me().may
