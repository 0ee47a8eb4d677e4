"""``/kiosk/<token>``: whoever comes in says so by themselves. It tells nobody who is a patient here."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.gate import engine
from cloud.arrival import booked, checking, deeds, kiosks, places, waiting
from cloud.arrival.checking import Told
from cloud.arrival.deeds import Met, Wish
from cloud.arrival.doors.blueprint import bp, door, dress, reading, settled
from cloud.arrival.wording import code, masked, public
from cloud.direct import browser, flows, stamps
from cloud.direct.choices import Deed
from cloud.direct.errors import NotOurs, TooMany
from cloud.kernel.clock import now
from cloud.queue import queries
from cloud.queue.choices import Source, Through
from cloud.queue.errors import HereAlready, NoNumbers, NoSuch, QuotaFull
from cloud.queue.models import Kind, Screen, Stay
from cloud.web.languages import current_language

__all__ = ["bp"]
T = TypeVar("T")
AT = "/kiosk/<token>"
OF_KIOSK: dict[str, Any] = {"source": Source.KIOSK, "through": Through.KIOSK, "by": None}


@door(AT, "kiosk")
def start(token: str) -> ResponseReturnValue:
    """With an appointment, or without."""
    return _drawn(token, "kiosk", lambda session, one: {"kinds": _kinds(session, one)})


@door(f"{AT}/visit", "kiosk_visit")
def visit(token: str) -> ResponseReturnValue:
    """Who one is: a birth date and one thing more."""
    return _drawn(token, "kiosk_visit", wrong={})


@door(f"{AT}/visit", "kiosk_check", "POST")
def check(token: str) -> ResponseReturnValue:
    """Somebody with an appointment is here; who is not found is told nothing but where to go."""
    told, wrong = _read(request.form)
    if told is None:
        return _drawn(token, "kiosk_visit", status=422, wrong=wrong)
    asked = told
    return _answered(token, "kiosk_visit", lambda session, one: _checked(session, one, asked))


@door(f"{AT}/walk-in", "kiosk_kinds")
def kinds(token: str) -> ResponseReturnValue:
    """What one comes for."""
    return _drawn(token, "kiosk_kinds", lambda session, one: {"kinds": _kinds(session, one)}, wrong={})


@door(f"{AT}/walk-in", "kiosk_register", "POST")
def register(token: str) -> ResponseReturnValue:
    """A ticket without a name."""
    wanted = request.form.get("kind", "")
    return _answered(token, "kiosk_kinds", lambda session, one: _given(session, one, wanted))


@door(f"{AT}/ticket/<place>", "kiosk_ticket")
def ticket(token: str, place: str) -> ResponseReturnValue:
    """The ticket, where to go, how many are before, and the way to one's own place."""
    tenant_id, stay_id = places.find(engine(), browser.key(), place)
    address = public(url_for("entrance.place", token=place, lang=current_language()))

    def shown(session: Session, one: Screen) -> dict[str, Any]:
        stay = places.stay(session, stay_id, one.store_id)
        return {"at": waiting.where(session, stay), "stay": stay, "who": _who(session, stay), "code": code(address)}

    if tenant_id != kiosks.find(engine(), token)[0]:
        raise NoSuch
    return _drawn(token, "kiosk_ticket", shown)


def _who(session: Session, stay: Stay) -> str:
    """A letter, so that somebody sees that it is theirs."""
    if stay.patient_id is None:
        return ""
    return masked(booked.whose(session, {stay.patient_id})[stay.patient_id])


def _read(form: Mapping[str, str]) -> tuple[Told | None, dict[str, str]]:
    """What was entered, and what does not fit by field."""
    born, scanned, who = checking.birth(form), form.get("code", "").strip(), form.get("who", "").strip()
    wrong = {} if born else {"day": _("Enter the day, the month and the year of birth.")}
    if not scanned and not who:
        wrong["who"] = _("Scan the code, or enter letters of the family name or four digits of the telephone.")
    token = checking.token(scanned) if scanned else ""
    return (Told(born, token, who) if born and not wrong else None), wrong


def _checked(session: Session, one: Screen, told: Told) -> Met | None:
    _count(session, one, Deed.CODE)
    meant = checking.find(session, one.store_id, told)
    try:
        return deeds.welcome(session, meant, current_language(), **OF_KIOSK) if meant else None
    except NoSuch:
        return None


def _given(session: Session, one: Screen, wanted: str) -> Met | None:
    _count(session, one, Deed.BEGIN)
    kind = next((kind for kind in _kinds(session, one) if kind.code == wanted), None)
    if kind is None:
        return None
    stay = deeds.register(session, Wish(kind), current_language(), **OF_KIOSK)
    return Met(stay.id, stay.ticket, fresh=True)


def _kinds(session: Session, one: Screen) -> list[Kind]:
    """What one can come for without an appointment."""
    return [kind for kind in queries.kinds(session, one.store_id) if kind.kiosk and kind.code != deeds.APPOINTMENT]


def _count(session: Session, one: Screen, deed: Deed) -> None:
    """Once more at this kiosk. Raises TooMany."""
    one.seen_at = now()
    flows.count(session, stamps.whose(browser.key(), f"kiosk {one.id}"), deed, "kiosk")


def _answered(token: str, page: str, deed: Callable[[Session, Screen], Met | None]) -> Response:
    """The ticket, or the way to the desk: the same for nobody, for several, and for what cannot be done here."""
    tenant_id, screen_id = kiosks.find(engine(), token)
    try:
        met = settled(token, tenant_id, lambda session: deed(session, _dressed(session, screen_id)))
    except NotOurs:
        return _drawn(token, page, _again, 400, wrong={"": _("This page was open for too long. Send it once more.")})
    except TooMany:
        return _drawn(token, "kiosk_desk", status=429)
    except (HereAlready, QuotaFull, NoNumbers):
        met = None
    if met is None:
        return _drawn(token, "kiosk_desk")
    own = reading(tenant_id, lambda session: places.again(browser.key(), places.stay(session, met.stay_id)))
    to = url_for("entrance.kiosk_ticket", token=token, place=own, lang=current_language())
    return make_response(redirect(to, 303))


def _again(session: Session, one: Screen) -> dict[str, Any]:
    return {"kinds": _kinds(session, one)}


def _drawn(
    token: str,
    page: str,
    more: Callable[[Session, Screen], dict[str, Any]] = lambda _session, _one: {},
    status: int = 200,
    **told: Any,
) -> Response:
    """A page of the kiosk."""
    tenant_id, screen_id = kiosks.find(engine(), token)

    def draw(session: Session) -> str:
        one = _dressed(session, screen_id)
        given = {"token": token, "form": request.form, **told, **more(session, one)}
        return render_template(f"arrival/{page}.html", **given)

    return make_response(reading(tenant_id, draw), status)


def _dressed(session: Session, screen_id: int) -> Screen:
    """In the chain's language until somebody chooses another: who was here before leaves nothing behind."""
    one = kiosks.kiosk(session, screen_id)
    dress(session, one.store_id, accounts.chain_locale(session))
    return one
