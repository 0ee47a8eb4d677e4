"""What a browser brings along and is sent back: where it is, by which token, in which language, from whose page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from sqlalchemy.orm import Session

from cloud.direct import flows, stamps
from cloud.direct.choices import Deed
from cloud.direct.models import Flow
from cloud.web import languages

AT = "/book/<chain>/<store>"
COOKIE, PARTED = "emmetra_book", "emmetra_book_in"
PLACE = ("chain", "store", "key")
FRAMED = "-"  # stands for the token in an address where a framed page has none yet
TRAP = "website"  # a field no person sees


@dataclass(frozen=True)
class Go:
    """Where to go next: a step of the way, with what stands in its address."""

    step: str
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Again:
    """The same page once more, though what was done is kept. ``wrong`` by field, in the person's words."""

    wrong: dict[str, str]
    status: int = 422


class Refused(Exception):
    """The same page once more, and nothing was done. ``wrong`` by field, in the person's words."""

    def __init__(self, wrong: dict[str, str], status: int = 422) -> None:
        super().__init__(status)
        self.again = Again(wrong, status)


def is_own() -> bool:
    """Whether a form was sent from a page of ours, as far as the browser says."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def speak(flow: Flow | None) -> None:
    """The language of this page: what was just chosen, else the person's own, else what the browser asks for."""
    wanted = chosen() or (flow.language if flow else None)
    if wanted in languages.LANGUAGES:
        g.web_language = wanted
        refresh()


def chosen() -> str | None:
    """The language that was chosen on this page."""
    said = request.form.get("lang") or request.args.get("lang")
    return said if said in languages.LANGUAGES else None


def count(session: Session, deed: Deed, contact: str) -> None:
    """Once more from this address and for this contact. Raises TooMany."""
    flows.count(session, stamps.whose(key(), f"address {request.remote_addr}"), deed, "address")
    flows.count(session, stamps.whose(key(), f"contact {contact}"), deed, "contact")


def often() -> Refused:
    """What is said to whoever does something too often."""
    return Refused({"": _("That was tried too often. Wait an hour, or call us.")}, 429)


def token() -> str:
    """The token of whoever is on their way: in the address where another's page shows ours, else in the cookie."""
    told: str = (request.view_args or {}).get("key", "")
    return told if framed() else request.cookies.get(COOKIE, "")


def framed() -> bool:
    """Whether this is a page for the frames of others."""
    return bool((request.view_args or {}).get("key"))


def key() -> str:
    """What signs."""
    return str(current_app.secret_key)


def place(step: str, **parts: Any) -> str:
    """The address of a step, for whoever is on their way; that of a link for whoever holds it."""
    if step == "linked":
        return url_for("direct.linked", **parts)
    given = {"chain": named("chain"), "store": named("store"), "key": (request.view_args or {}).get("key", "")}
    if step == "start" and given["key"]:
        given["key"] = FRAMED
    return url_for(f"direct.{step}", **{**given, **parts})


def gone(to: Go) -> Response:
    """Go there, by reading."""
    return make_response(redirect(place(to.step, **dict(to.parts)), 303))


def begun(to: Go) -> Response:
    """A browser begins: by a cookie, or by its address and a cookie that is good within this one page alone."""
    token_, cookie = g.direct_begun
    if framed():
        response = gone(Go(to.step, (*to.parts, ("key", token_))))
        response.set_cookie(PARTED, cookie, secure=True, httponly=True, samesite="None", partitioned=True)
        return response
    response = gone(to)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, token_, secure=secure, httponly=True, samesite="Lax")
    return response


def named(part: str) -> str:
    """A part of the address."""
    return str((request.view_args or {}).get(part, ""))
