"""What pages without signing in have in common: headers, stamps, the store's name, the language that was chosen."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, g, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from cloud.accounts import queries as accounts
from cloud.accounts.gate import engine, public
from cloud.arrival import wording
from cloud.booking import once
from cloud.booking.errors import LinkOver
from cloud.direct import browser, stamps
from cloud.direct.errors import NotOurs
from cloud.kernel.database import unit_of_work
from cloud.queue.errors import NoSuch
from cloud.web import Frame, languages
from cloud.web.error_pages import refused
from cloud.web.languages import current_language

T = TypeVar("T")
View = Callable[..., ResponseReturnValue]
bp = Blueprint("entrance", "cloud.arrival", template_folder="templates")


def door(path: str, name: str, method: str = "GET", referrer: str = "same-origin") -> Callable[[View], View]:
    """A page for whoever holds its address: found by no search engine, told to nobody by its address.

    One with a form says ``same-origin``: a browser would otherwise hide even from us whose form it sends.
    """

    def named(view: View) -> View:
        @public
        @wraps(view)
        def answer(**parts: str) -> ResponseReturnValue:
            try:
                response = make_response(view(**parts))
            except (NoSuch, LinkOver):
                response = refused(NotFound())
            response.headers.update({"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": referrer})
            return response

        bp.add_url_rule(path, name, answer, methods=[method])
        return view

    return named


def reading(tenant_id: int, read: Callable[[Session], T]) -> T:
    """Something that changes nothing."""
    with unit_of_work(engine(), tenant_id) as session:
        return read(session)


def settled(token: str, tenant_id: int, deed: Callable[[Session], T]) -> T:
    """Something that changes something, for whoever was sent the form. Raises NotOurs, and what it raises."""
    if not browser.is_own():
        raise NotOurs
    stamps.check(browser.key(), token, request.form.get("stamp", ""))
    return once.settled(engine(), tenant_id, deed)


def dress(session: Session, store_id: int, otherwise: str | None = None) -> None:
    """In the store's name, in the language that was chosen, else in ``otherwise``, else in the browser's."""
    store = accounts.store(session, store_id)
    g.web_frame = Frame(chain=accounts.chain_name(session), store=store.name, zone=store.zone)
    wanted = browser.chosen() or otherwise
    if wanted in languages.LANGUAGES:
        g.web_language = wanted
        refresh()


@bp.context_processor
def _given() -> dict[str, Any]:
    return {"stamped": _stamped, "turned": _turned, "words": wording, "say": wording.said}


def _stamped(whose: str) -> Markup:
    """What a form carries: a stamp, and the language of this page."""
    hidden = Markup('<input type="hidden" name="stamp" value="{}"><input type="hidden" name="lang" value="{}">')
    return hidden.format(stamps.make(browser.key(), whose), current_language())


def _turned(code: str) -> str:
    """This page in another language."""
    return url_for(str(request.endpoint), **{**(request.view_args or {}), "lang": code})
