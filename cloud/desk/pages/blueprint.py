"""The blueprint of the desk's pages, and what several of them ask."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound, default_exceptions

from cloud.accounts.gate import me
from cloud.booking.errors import NoSuchVisit
from cloud.kernel.clock import local, now
from cloud.people.errors import NoSuchPatient
from cloud.web.error_pages import refused

bp = Blueprint("desk", "cloud.desk", template_folder="templates")


def _missing(_refusal: Exception) -> ResponseReturnValue:
    return refused(default_exceptions[404]())


for _one in (NoSuchVisit, NoSuchPatient):
    bp.register_error_handler(_one, _missing)


def store_id() -> int:
    """The store one works in. Raises NotFound where there is none."""
    store = me().store
    if store is None:
        raise NotFound
    return store.id


def zone() -> str:
    """The time zone of the store one works in."""
    store = me().store
    return store.zone if store else "UTC"


def today() -> date:
    """As the store's calendar has it."""
    return local(now(), zone()).date()


def day_asked(name: str = "day") -> date:
    """The day an address asks for, else today; what is no date is left out."""
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return today()


def instant(text: str) -> datetime:
    """An instant as pages write it. Raises BadRequest."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest from None
    if found.tzinfo is None:
        raise BadRequest
    return found.astimezone(ZoneInfo("UTC"))
