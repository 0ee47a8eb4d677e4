"""The blueprint of the desk's pages, and what several of them ask."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, default_exceptions

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me
from cloud.accounts.rules import allowed
from cloud.booking import once
from cloud.booking.errors import NoSuchVisit
from cloud.people.errors import NoSuchPatient
from cloud.queue.errors import NoSuch, Refused
from cloud.web.error_pages import refused

T = TypeVar("T")
bp = Blueprint("arrival", "cloud.arrival", template_folder="templates")
LONGEST = 200  # letters of a reason


def _missing(_refusal: Exception) -> ResponseReturnValue:
    return refused(default_exceptions[404]())


for _one in (NoSuch, NoSuchVisit, NoSuchPatient):
    bp.register_error_handler(_one, _missing)


def store_id() -> int:
    """The store one works in. Raises NotFound where there is none."""
    store = me().store
    if store is None:
        raise NotFound
    return store.id


def did(deed: Callable[[Session], T]) -> T:
    """A deed in a transaction of its own. Raises what it raises."""
    return once.settled(engine(), me().tenant_id, deed)


def why() -> str:
    """The reason that was given."""
    return " ".join(request.form.get("why", "").split())[:LONGEST]


def doctors() -> list[tuple[int, str]]:
    """Who may sign in this store: whom somebody may wish for."""
    store, there = me().store, accounts.staff_of(db(), store_id())
    signs = (one for one in there if May.SIGN_RECORD in allowed(accounts.roles_in(db(), one.id, store)))
    return [(one.id, one.name) for one in signs]


def number(name: str, among: set[int]) -> int | None:
    """A number of the form that is one of these."""
    found = request.values.get(name, type=int)
    return found if found in among else None


__all__ = ["LONGEST", "Refused", "bp", "did", "doctors", "number", "store_id", "why"]
