"""The blueprint of the stations' pages, and what several of them ask."""

from flask import Blueprint, flash, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from werkzeug.exceptions import NotFound, default_exceptions

from cloud.accounts.gate import db, me
from cloud.people.errors import NoSuchPatient
from cloud.queue import queries
from cloud.queue.errors import NoSuch, Refused
from cloud.queue.models import Desk, Station
from cloud.stations import wording
from cloud.web.error_pages import refused

bp = Blueprint("stations", "cloud.stations", template_folder="templates")


def _missing(_refusal: Exception) -> ResponseReturnValue:
    return refused(default_exceptions[404]())


for _one in (NoSuch, NoSuchPatient):
    bp.register_error_handler(_one, _missing)


def store_id() -> int:
    """The store one works in. Raises NotFound where there is none."""
    store = me().store
    if store is None:
        raise NotFound
    return store.id


def language() -> str:
    """``en`` or ``zh``."""
    return "zh" if str(get_locale()).startswith("zh") else "en"


def named(one: Station | Desk) -> str:
    """A station or desk in the reader's language."""
    return one.names.get(language()) or next(iter(one.names.values()), "")


def desk_of(station: Station) -> Desk | None:
    """The door one sits behind: chosen in the address or before; the only one where there is one."""
    desks = queries.desks(db(), [station.id])
    asked = request.values.get("desk", type=int) or cookie.get(f"desk-{station.id}")
    found = next((one for one in desks if one.id == asked), None) or (desks[0] if len(desks) == 1 else None)
    if found is not None and found.id != cookie.get(f"desk-{station.id}"):
        cookie[f"desk-{station.id}"] = found.id
    return found


def say(refusal: Refused) -> None:
    """Tell whoever pressed what happened, and that nothing was changed."""
    flash(wording.refusal(refusal), "warning")
