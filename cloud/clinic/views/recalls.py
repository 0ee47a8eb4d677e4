"""Recalls as a list people work off: call, book, note who came, end with a reason; and take the list along."""

from datetime import date
from urllib.parse import urlencode

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import export, worklist
from cloud.clinic import recalls as deeds
from cloud.clinic.catalogue import registry
from cloud.clinic.choices import RecallState
from cloud.clinic.views.door import bp
from cloud.clinic.worklist import Asked, Line, Shelf
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.web import times
from cloud.web.languages import current_language

EXPORTED = 5000
KEPT = ("store", "shelf", "reason", "until")
OUTCOMES = frozenset(RecallState) - {RecallState.CANCELLED}


@bp.get("/recalls")
@needs(May.SEE_RECALLS)
def recalls() -> ResponseReturnValue:
    """The work list, narrowed as the address says."""
    asked, today = _asked(), _today()
    lines = worklist.page(db(), asked)
    return render_template(
        "clinic/recalls.html",
        **{"asked": asked, "today": today, "soon": today + worklist.SOON, "address": _address, "reasons": _reasons()},
        **{"lines": lines, "counts": worklist.counts(db(), asked.stores, today), "older": _older(asked, lines)},
        patients=people.named(db(), {one.patient_id for one in lines}),
        names=accounts.names(db(), {one.event.by for one in lines if one.event}),
        stores=[(store.slug, store.name) for store in me().stores],
        where={store.id: store.name for store in me().stores},
        may_open=May.SEE_RECORD in me().may,
    )


def _today() -> date:
    return times.in_store(now()).date()


def _asked(limit: int = worklist.PAGE) -> Asked:
    """What the address asks for; what it asks for wrongly is left out."""
    ask, shelf = request.args.get, request.args.get("shelf", "")
    stores = [store.id for store in me().stores if ask("store", "") in ("", store.slug)]
    known = Shelf(shelf) if shelf in set(Shelf) else Shelf.WAITING
    return Asked(stores, known, ask("reason", ""), _day(ask("until", "")), _after(ask("after", "")), limit)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None


def _after(written: str) -> tuple[date, int] | None:
    day, _sep, number = written.partition("~")
    since = _day(day)
    return (since, int(number)) if since and number.isascii() and number.isdigit() else None


def _older(asked: Asked, lines: list[Line]) -> str:
    return _address(after=f"{lines[-1].on}~{lines[-1].id}") if len(lines) == asked.limit else ""


def _address(**changed: object) -> str:
    """This list's address with some of what it asks for changed; the place in the list is given up."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    asks = {name: what for name, what in {**kept, **changed}.items() if what}
    return url_for(".recalls") + (f"?{urlencode(asks)}" if asks else "")


def _reasons() -> list[tuple[str, str]]:
    options = registry.lists().get("recall_reason", ())
    return [(one.code, one.words.said(current_language())) for one in options]


@bp.post("/recalls/<int:recall_id>/outcome")
@needs(May.SEE_RECALLS)
def recall_outcome(recall_id: int) -> ResponseReturnValue:
    """What became of it: nobody answered, booked, attended, or it ends with a reason."""
    due = worklist.one(db(), recall_id, [store.id for store in me().stores])
    state, why = request.values.get("state", ""), request.values.get("why", "").strip()[:500] or None
    if state not in OUTCOMES:
        abort(422)
    if state == RecallState.LAPSED and why is None:
        flash(_("A recall ends with a reason. It stays on the list; nothing was changed."), "warning")
    elif due.ended:
        flash(_("Somebody has ended this recall already. Nothing was changed."), "warning")
    else:
        deeds.note(db(), recall_id=recall_id, state=RecallState(state), by=me().staff_id, why=why)
    return redirect(_back(), 303)


def _back() -> str:
    """The list as it was narrowed; an address that leads elsewhere is left out."""
    asked = request.form.get("back", "")
    return asked if asked.startswith(url_for(".recalls") + "?") else url_for(".recalls")


@bp.get("/recalls.csv")
@needs(May.SEE_RECALLS)
def recalls_csv() -> ResponseReturnValue:
    """The list as it is narrowed, for a spreadsheet; that it was taken along is written down."""
    asked = _asked(EXPORTED)
    lines = worklist.page(db(), asked)
    audit.note(db(), by=me().staff_id, verb="exported", kind="recalls", subject=asked.shelf.value, rows=len(lines))
    text = export.recall_list(db(), lines, {s.id: s.name for s in me().stores}, current_language())
    headers = {"Content-Disposition": f'attachment; filename="recalls-{_today()}.csv"', "Cache-Control": "no-store"}
    return Response(text, mimetype="text/csv", headers=headers)
