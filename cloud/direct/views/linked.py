"""``/b/<token>``: what a patient's link can do, and only that. Reading it changes nothing: mail scanners read links."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from sqlalchemy.orm import Session

from cloud.accounts.gate import engine, public
from cloud.booking import calendar, links, once
from cloud.booking.errors import BookingError, Gone, LinkOver, NotOffered, Overlaps, TooLate
from cloud.direct import browser, doors, linking, offering, showing, stamps
from cloud.direct.doors import Shop
from cloud.direct.errors import DirectError, NoSuchDoor, NotOurs
from cloud.direct.linking import REASONS, Look
from cloud.direct.views.ending import as_file
from cloud.direct.views.pages import bp, today
from cloud.kernel.database import unit_of_work
from cloud.web import Frame, languages

T = TypeVar("T")
View = Callable[..., ResponseReturnValue]


def _page(path: str, name: str, method: str) -> Callable[[View], View]:
    """A page of a link: for whoever holds it, found by no search engine, told to nobody by its address."""

    def named(view: View) -> View:
        @public
        @wraps(view)
        def answer(token: str) -> ResponseReturnValue:
            try:
                response = make_response(view(token))
            except (LinkOver, NoSuchDoor):
                response = make_response(render_template("direct/link_over.html"), 410)
            except TooLate:
                response = _again(token, {"": _("It is too late to change this here. Call us.")}, 409)
            except BookingError:
                response = _again(token, {"": _("That cannot be done any more. This is how it stands.")}, 409)
            except NotOurs:
                response = _again(token, {"": _("This page was open for too long. Send it once more.")}, 400)
            # not no-referrer: a browser would then hide even from us whose form it sends
            response.headers.update({"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "same-origin"})
            return response

        bp.add_url_rule(f"/b/<token>{path}", name, answer, methods=[method])
        return view

    return named


@_page("", "linked", "GET")
def linked(token: str) -> ResponseReturnValue:
    """What it is about, and what can be done."""
    return _drawn(token, "link", {}, 200)


@_page("/confirm", "link_confirm", "POST")
def confirm(token: str) -> ResponseReturnValue:
    """They will come."""
    _did(token, lambda session: linking.confirm(session, token))
    return redirect(url_for(".linked", token=token), 303)


@_page("/move", "link_move", "GET")
def move(token: str) -> ResponseReturnValue:
    """Other times."""
    return _drawn(token, "link_move", {}, 200, calendar=True)


@_page("/move", "link_moved", "POST")
def moved(token: str) -> ResponseReturnValue:
    """Another time instead, as a swap."""
    at = showing.moment(request.form.get("at", ""))
    if at is None:
        return _drawn(token, "link_move", {"at": _("Choose a time.")}, 422, calendar=True)
    try:
        new = _did(token, lambda session: linking.move(session, token, at))
    except (Gone, NotOffered, Overlaps):
        said = _("This time cannot be had any more. Your visit stands as it was; choose another time.")
        return _drawn(token, "link_move", {"at": said}, 409, calendar=True)
    return redirect(url_for(".linked", token=new, did="moved"), 303)


@_page("/cancel", "link_cancel", "GET")
def cancel(token: str) -> ResponseReturnValue:
    """Why, and whether really."""
    return _drawn(token, "link_cancel", {}, 200)


@_page("/cancel", "link_cancelled", "POST")
def cancelled(token: str) -> ResponseReturnValue:
    """They will not come."""
    why = request.form.get("why", "")
    if why not in REASONS:
        return _drawn(token, "link_cancel", {"why": _("Choose a reason.")}, 422)
    shown = _seen(token)
    _did(token, lambda session: linking.cancel(session, token, why))
    return _ended(shown, "cancelled")


@_page("/claim", "link_claim", "POST")
def claim(token: str) -> ResponseReturnValue:
    """Take the time that came free."""
    new = _won(token, lambda session: linking.claim(session, token))
    return redirect(url_for(".linked", token=new, did="booked"), 303) if isinstance(new, str) else new


@_page("/choose", "link_choose", "POST")
def choose(token: str) -> ResponseReturnValue:
    """One of the times that were proposed."""
    offer_id = request.form.get("offer", 0, type=int)
    new = _won(token, lambda session: linking.choose(session, token, offer_id))
    return redirect(url_for(".linked", token=new, did="booked"), 303) if isinstance(new, str) else new


@_page("/decline", "link_decline", "POST")
def decline(token: str) -> ResponseReturnValue:
    """Not this time."""
    shown = _seen(token)
    refused = _won(token, lambda session: linking.decline(session, token))
    if refused is not None:
        return refused
    return _ended(shown, "declined")


@_page("/visit.ics", "link_file", "GET")
def calendar_file(token: str) -> ResponseReturnValue:
    """The visit to take along."""
    return as_file(_read(token, lambda session: calendar.file(session, linking.file_of(session, token))))


def _won(token: str, deed: Callable[[Session], T]) -> T | Response:
    """Somebody else may have been sooner. Raises LinkOver."""
    try:
        return _did(token, deed)
    except (Gone, LinkOver):
        raise LinkOver from None
    except Overlaps:
        return _again(token, {"": _("There is another visit for the same person at that time. Call us.")}, 409)
    except BookingError:
        raise LinkOver from None


def _did(token: str, deed: Callable[[Session], T]) -> T:
    """A deed of whoever sent the form of this link. Raises LinkOver, NotOurs, and what it raises."""
    if not browser.is_own():
        raise NotOurs
    stamps.check(browser.key(), token, request.form.get("stamp", ""))
    return once.settled(engine(), _tenant(token), deed)


def _read(token: str, read: Callable[[Session], T]) -> T:
    with unit_of_work(engine(), _tenant(token)) as session:
        return read(session)


def _tenant(token: str) -> int:
    """The chain of a link. Raises LinkOver."""
    tenant_id = links.place(engine(), token)
    if tenant_id is None:
        raise LinkOver
    return tenant_id


def _seen(token: str) -> tuple[Look, Shop]:
    def read(session: Session) -> tuple[Look, Shop]:
        look = linking.look(session, token)
        return look, doors.shop(session, look.store_id)

    return _read(token, read)


def _drawn(token: str, name: str, wrong: dict[str, str], status: int, *, calendar: bool = False) -> Response:
    def read(session: Session) -> str:
        look = linking.look(session, token)
        shop = doors.shop(session, look.store_id)
        _dressed(look, shop)
        kind = offering.types(session, [look.type_id]).get(look.type_id) if look.type_id else None
        more = _calendar(session, token, shop) if calendar else {}
        told = {"look": look, "shop": shop, "kind": kind, "token": token, "wrong": wrong, "reasons": REASONS}
        return render_template(f"direct/{name}.html", **told, **more)

    return make_response(_read(token, read), status)


def _again(token: str, wrong: dict[str, str], status: int) -> Response:
    try:
        return _drawn(token, "link", wrong, status)
    except (LinkOver, DirectError):
        return make_response(render_template("direct/link_over.html"), 410)


def _ended(shown: tuple[Look, Shop], what: str) -> Response:
    """The last page of a link: it is over now."""
    look, shop = shown
    _dressed(look, shop)
    return make_response(render_template("direct/link_ended.html", look=look, shop=shop, what=what))


def _dressed(look: Look, shop: Shop) -> None:
    """In the store's name, and in the person's own language unless they chose another."""
    g.web_frame = Frame(chain=shop.chain, store=shop.name, zone=shop.zone)
    wanted = browser.chosen() or look.language
    if wanted in languages.LANGUAGES:
        g.web_language = wanted
        refresh()


def _calendar(session: Session, token: str, shop: Shop) -> dict[str, Any]:
    start = today(shop)
    day = showing.day(request.args.get("day", ""))
    asked = day or showing.day(f"{request.args.get('month', '')}-01")
    if asked is None or not start.replace(day=1) <= asked <= start + timedelta(days=400):
        asked = linking.next_day(session, token, start - timedelta(days=1)) or start
        day = asked
    first = showing.first_of(asked)
    found = linking.times(session, token, max(first, start), showing.last_of(first))
    shown = day if day in found else next(iter(found), None)
    return {
        "month": showing.month(first, start, found, shown),
        "chosen": shown,
        "parts": showing.parts(found.get(shown, ()), shop.zone) if shown else (),
    }
