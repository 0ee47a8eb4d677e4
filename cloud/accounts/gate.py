"""The door of every page: who is asking, which chain, may they; and the unit of work of the request.

Every view names its rule with ``needs`` or ``public``; one without a rule is refused. The request's
transaction is kept when the answer is a success and dropped otherwise.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.accounts import queries
from cloud.accounts.choices import May
from cloud.accounts.queries import Person
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
ENGINE = "emmetra.engine"


def needs(*rights: May) -> Callable[[View], View]:
    """Only someone who may do all of this gets in; without rights named, anyone signed in."""

    def name(view: View) -> View:
        view.rule = rights  # type: ignore[attr-defined]
        return view

    return name


def public(view: View) -> View:
    """Anyone gets in, and no chain is chosen."""
    view.rule = PUBLIC  # type: ignore[attr-defined]
    return view


def rule_of(app: Flask, endpoint: str) -> Any:
    """The rule a view named, or None."""
    view = app.view_functions[endpoint]
    return getattr(view, "rule", getattr(getattr(view, "view_class", None), "rule", None))


def install_gate(app: Flask, engine: Engine, session_hours: int) -> None:
    """Put the door in front of every view of the application."""
    app.extensions[ENGINE] = engine
    app.config["EMMETRA_SESSION_SECONDS"] = session_hours * 3600
    app.before_request(enter)
    app.after_request(keep)
    app.teardown_request(leave)


def engine() -> Engine:
    """The engine of this application."""
    found: Engine = current_app.extensions[ENGINE]
    return found


def db() -> Session:
    """The session of this request's unit of work."""
    found: Session = g.db
    return found


def me() -> Person:
    """Who is asking."""
    found: Person = g.me
    return found


def someone() -> Person | None:
    """Who is asking, if anyone is signed in and past the door."""
    found: Person | None = g.get("me")
    return found


def enter() -> ResponseReturnValue | None:
    """Open the request: find the person, begin the unit of work, ask the rule."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        abort(500, f"{request.endpoint} names no rule")
    if rule == PUBLIC:
        return None
    if not _signed_in():
        return _to_sign_in()
    g.work = ExitStack()
    g.db = g.work.enter_context(unit_of_work(engine(), session["tenant_id"]))
    g.me = queries.person(g.db, session["staff_id"], session.get("store_id"))
    if g.me is None:
        session.clear()
        return _to_sign_in()
    if not set(rule) <= g.me.may:
        abort(403)
    return None


def sign_in(tenant_id: int, staff_id: int, *, code_due: bool) -> None:
    """Begin a browser's session."""
    session.clear()
    session.update(tenant_id=tenant_id, staff_id=staff_id, began=int(now().timestamp()), code_due=code_due)
    session.permanent = True


def _signed_in() -> bool:
    if "staff_id" not in session or session.get("code_due"):
        return False
    age = now().timestamp() - session.get("began", 0)
    return bool(age < current_app.config["EMMETRA_SESSION_SECONDS"])


def _to_sign_in() -> ResponseReturnValue:
    scripted = request.headers.get("HX-Request") or request.headers.get("Accept") == "application/json"
    if scripted or request.path.startswith("/api/") or request.path == "/live":
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)


def keep(response: Response) -> Response:
    """Commit when the answer is a success, before it leaves."""
    work: ExitStack | None = g.pop("work", None)
    if work is None:
        return response
    if response.status_code < 400:
        work.close()
    else:
        work.__exit__(_Refused, _Refused(), None)
    return response


class _Refused(Exception):
    """Tells the unit of work that the request was refused, so that nothing is kept."""


def leave(_failure: BaseException | None) -> None:
    """Drop a unit of work that nobody kept."""
    work: ExitStack | None = g.pop("work", None)
    if work is not None:
        with suppress(_Refused):
            work.__exit__(_Refused, _Refused(), None)
