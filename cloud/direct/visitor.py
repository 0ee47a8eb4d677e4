"""Whoever comes to a store's pages: which store, on whose way, in which language; and how they are answered.

Every change is one transaction (``once.settled``); the page that follows is drawn after it, in one of its own.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from flask import Blueprint, Response, g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from cloud.accounts.gate import engine, public
from cloud.booking import once
from cloud.booking.errors import BookingError
from cloud.direct import doors, flows, stamps
from cloud.direct.browser import (
    AT,
    FRAMED,
    PARTED,
    PLACE,
    TRAP,
    Again,
    Go,
    Refused,
    begun,
    chosen,
    framed,
    gone,
    is_own,
    key,
    named,
    place,
    speak,
    token,
)
from cloud.direct.doors import Shop
from cloud.direct.errors import FlowOver, NoSuchDoor, NotOurs, NotTheirs, TooFast
from cloud.direct.models import Flow
from cloud.direct.told import Told
from cloud.kernel.database import unit_of_work
from cloud.web import Frame, safety

T = TypeVar("T")


@dataclass
class Here:
    """A request on its way: within a transaction, for one store. ``flow`` is None before anybody has begun."""

    session: Session
    shop: Shop
    flow: Flow | None

    @property
    def way(self) -> Flow:
        """The flow. Raises FlowOver where nobody has begun."""
        if self.flow is None:
            raise FlowOver
        return self.flow

    @property
    def told(self) -> Told:
        """What was said so far."""
        return flows.said(self.way)

    def keep(self, so_far: Told) -> None:
        """Keep what was said."""
        flows.keep(self.session, self.way, so_far)


class First(Exception):
    """Something else has to be done before this."""

    def __init__(self, to: Go) -> None:
        super().__init__(to.step)
        self.to = to


Page = Callable[[Here, Again], str | Go]
Act = Callable[[Here], Go | Again]
CALM = Again({}, 200)


class Way:
    """Pages of the way: each has an address of its own, another where somebody else's page shows it, and a rule."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.pages: dict[str, Page] = {}

    def page(self, step: str) -> Callable[[Page], Page]:
        """A page that is read."""

        def named(view: Page) -> Page:
            self.pages[step] = view
            self._add(step, step or "start", "GET", lambda: self._read(step))
            return view

        return named

    def act(self, step: str, deed: str = "") -> Callable[[Act], Act]:
        """What is sent from the page of a step; ``deed`` where it is not the page's main one."""

        def named(view: Act) -> Act:
            path = "/".join(filter(None, (step, deed)))
            name = "_".join(filter(None, (step or "begin", deed or ("done" if step else ""))))
            self._add(path, name, "POST", lambda: self._sent(step, view))
            return view

        return named

    def file(self, path: str, name: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Something to take along, for whoever is on their way; what else stands in its address it gets by name."""

        def named(view: Callable[..., Response]) -> Callable[..., Response]:
            def answer() -> ResponseReturnValue:
                more = {part: value for part, value in (request.view_args or {}).items() if part not in PLACE}
                return reading(lambda here: view(here, **more))

            self._add(path, name, "GET", answer)
            return view

        return named

    def _add(self, path: str, name: str, method: str, answer: Callable[[], ResponseReturnValue]) -> None:
        @public
        @wraps(answer)
        def view(**_place: str) -> ResponseReturnValue:
            return answered(answer)

        tail = f"/{path}" if path else ""
        self.blueprint.add_url_rule(f"{AT}{tail}", name, view, methods=[method], defaults={"key": ""})
        if path:
            self.blueprint.add_url_rule(f"{AT}/in/<key>{tail}", name, view, methods=[method])
        else:
            self.blueprint.add_url_rule(f"{AT}/in", name, view, methods=[method], defaults={"key": FRAMED})

    def _read(self, step: str) -> ResponseReturnValue:
        return self._drawn(step, CALM)

    def _drawn(self, step: str, again: Again) -> ResponseReturnValue:
        """The page of a step, or where its reader has to go first."""

        def draw(here: Here) -> str | Go:
            speak(here.flow)
            return self.pages[step](here, again)

        drawn = reading(draw)
        return gone(drawn) if isinstance(drawn, Go) else make_response(drawn, again.status)

    def _sent(self, step: str, act: Act) -> ResponseReturnValue:
        try:
            outcome = settled(act, begins=not step)
        except Refused as refusal:
            return self._drawn(step, refusal.again)
        except First as other:
            return gone(other.to)
        except BookingError:  # what the database itself refused
            said = _("This cannot be booked like that any more. Choose again.")
            return self._drawn(step, Again({"": said}, 409))
        if isinstance(outcome, Again):
            return self._drawn(step, outcome)
        return begun(outcome) if step == "" else gone(outcome)


def first(to: Go | None) -> None:
    """Go there, if anything has to be done before this."""
    if to is not None:
        raise First(to)


def answered(answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """An answer with the headers of a page that others may or may not show."""
    try:
        g.direct_store = doors.find(engine(), named("chain"), named("store"))
        response = make_response(answer())
    except NoSuchDoor:
        raise NotFound from None
    except FlowOver:
        response = make_response(redirect(place("start", over=1), 303))
    except NotTheirs:  # somebody who was chosen is of the household no more
        response = make_response(redirect(place("who"), 303))
    return headed(response)


def headed(response: Response) -> Response:
    """Found by no search engine; shown within the pages of those alone whom the chain has named."""
    response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    if framed():
        safety.let_frame(response, g.get("direct_frames", ()))
    return response


def reading(read: Callable[[Here], T]) -> T:
    """Something that changes nothing."""
    tenant_id, store_id = g.direct_store
    with unit_of_work(engine(), tenant_id) as session:
        shop = _shop(session, store_id)
        with suppress(FlowOver):
            return read(Here(session, shop, flows.find(session, store_id, token(), request.cookies.get(PARTED, ""))))
        return read(Here(session, shop, None))


def settled(act: Callable[[Here], T], *, begins: bool = False) -> T:
    """Something that changes something, for whoever's form it is. Raises FlowOver, Refused, and what it raises."""
    tenant_id, store_id = g.direct_store
    parted = request.cookies.get(PARTED, "")

    def deed(session: Session) -> T:
        shop = _shop(session, store_id)
        flow = None if begins else flows.find(session, store_id, token(), parted, lock=True)
        speak(flow)
        _check_form(f"{store_id}" if begins else token(), begins)
        if flow is not None:
            flows.stay(flow, parted)
            flow.language = chosen() or flow.language
        return act(Here(session, shop, flow))

    return once.settled(engine(), tenant_id, deed)


def _check_form(whose: str, begins: bool) -> None:
    if not is_own():
        raise Refused({"": _("This form came from another page. Fill it in here.")}, 400)
    try:
        stamps.check(key(), whose, request.form.get("stamp", ""), patient=begins)
        if begins and request.form.get(TRAP):
            raise TooFast
    except NotOurs:
        raise Refused({"": _("This page was open for too long. Send it once more.")}, 400) from None
    except TooFast:
        raise Refused({"": _("That was very quick. Press the button once more.")}) from None


def _shop(session: Session, store_id: int) -> Shop:
    shop = doors.shop(session, store_id)
    g.direct_frames = shop.frames
    g.web_frame = Frame(chain=shop.chain, store=shop.name, zone=shop.zone)
    return shop


__all__ = ["CALM", "Again", "Go", "Here", "Refused", "Way", "first"]
