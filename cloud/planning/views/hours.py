"""Rules of the week: open hours, windows that are blocked or kept, copying them to others, ending, opening again."""

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.planning import drawn, queries
from cloud.planning import hours as deeds
from cloud.planning.affected import Intended
from cloud.planning.forms import hours as forms
from cloud.planning.forms.entered import Entered, written
from cloud.planning.views.blueprint import bp, entered, here, today
from cloud.planning.views.deciding import decide
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Effect
from cloud.schedule.models import Resource, Rule

DAY = timedelta(days=1)
ENDED = 60  # days for which rules that have ended are still shown


@bp.get("/planning/hours")
@needs(May.SEE_SCHEDULE)
def store_hours() -> ResponseReturnValue:
    """The opening hours of this store."""
    return render_template("planning/hours.html", **about(None), errors={}, one=None)


@bp.post("/planning/week")
@needs(May.PLAN)
def change_week() -> ResponseReturnValue:
    """Other open hours from a day on."""
    form, store_id, by, whose = entered(), here().id, me().staff_id, _whose()
    told = forms.week(form, today())
    if form.errors:
        return _wrong(form, whose)

    def deed(session: Session) -> None:
        deeds.change_week(session, store_id, whose, told.windows, told.since, by=by, parity=told.parity)

    return _decide(deed, told.since, _("The week holds from %(day)s on.", day=told.since.isoformat()), whose)


@bp.post("/planning/windows")
@needs(May.PLAN)
def add_window() -> ResponseReturnValue:
    """A window of the week that is blocked or kept for some types."""
    form, store_id, by, whose = entered(), here().id, me().staff_id, _whose()
    told = forms.window(form, today(), [one.id for one in queries.types(db())])
    if form.errors:
        return _wrong(form, whose)
    return _decide(
        lambda session: deeds.begin(session, store_id, whose, told, by=by), told.since, _("The window stands."), whose
    )


@bp.post("/planning/copy")
@needs(May.PLAN)
def copy() -> ResponseReturnValue:
    """Others work as this one does."""
    form, store_id, by, whose = entered(), here().id, me().staff_id, _whose()
    others = [one.id for one in queries.resources(db(), store_id) if one.id != whose]
    targets, first = form.ids("targets", others), today()
    since = form.day("since", least=first, required=True) or first
    if not targets:
        form.wrong("targets", _("Choose to whom the week is copied."))
    if form.errors or whose is None:
        return _wrong(form, whose)
    return _decide(
        lambda session: deeds.copy_week(session, store_id, whose, targets, since, by=by), since, _("Copied."), whose
    )


@bp.post("/planning/rules/<int:rule_id>/<any(end, reopen):deed>")
@needs(May.PLAN)
def steer(rule_id: int, deed: str) -> ResponseReturnValue:
    """End a rule with a day, or open it again."""
    store_id, by, form, first = here().id, me().staff_id, entered(), today()
    whose = queries.of_store(db(), Rule, store_id, rule_id).resource_id
    last = (form.day("last", least=first - DAY) or first) if deed == "end" else first
    if form.errors:
        return _wrong(form, whose)

    def act(session: Session) -> None:
        rule = queries.of_store(session, Rule, store_id, rule_id)
        if deed == "end":
            deeds.end(session, rule, last, by=by)
        else:
            deeds.reopen(session, rule, by=by)

    said = _("The rule ends. Open it again below.") if deed == "end" else _("The rule holds again.")
    return _decide(act, min(last, first), said, whose)


def about(resource_id: int | None) -> dict[str, Any]:
    """What a page says of somebody's hours, or of the store's."""
    store, first = here(), today()
    on = Entered(request.args).day("week") or first
    plan = schedule.plan(db(), store.id, on, on + 6 * DAY)
    rules = queries.rules(db(), store.id, resource_id, first - ENDED * DAY)
    standing = [one for one in rules if _begun(one) <= (one.until or date.max) and _holds(one, first)]
    types = queries.types(db())
    return {
        **{"week": drawn.week(plan, resource_id, on), "on": on, "today": first, "types": types},
        **{"rules": [one for one in rules if one in standing], "resources": queries.resources(db(), store.id)},
        "ended": [one for one in rules if one not in standing],
        "fields": _fields(standing),
        "type_names": {one.id: one for one in types},
        "whose": resource_id,
        "sent": {},
    }


def _fields(rules: list[Rule]) -> dict[str, str]:
    """The seven fields as the rules of every week stand now."""
    usual = [one for one in rules if one.effect == Effect.OPEN and one.parity is None]
    days: dict[str, list[tuple[int, int]]] = {f"day{number}": [] for number in range(7)}
    for rule in usual:
        for number in rule.days:
            days[f"day{number}"].append((rule.starts, rule.ends))
    return {name: written(windows) for name, windows in days.items()}


def _begun(rule: Rule) -> date:
    return rule.since or date.min


def _holds(rule: Rule, first: date) -> bool:
    return rule.until is None or rule.until >= first


def _whose() -> int | None:
    """Whose hours are meant: a resource of this store, or the store's own."""
    said = request.form.get("resource_id", "")
    if not said:
        return None
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    return queries.of_store(db(), Resource, here().id, number).id


def _decide(deed: Any, since: date, said: str, whose: int | None) -> ResponseReturnValue:
    change = Intended(here().id, deed, since)
    return decide(change, said, "resource", resource_id=whose) if whose else decide(change, said, "store_hours")


def _wrong(form: Entered, whose: int | None) -> ResponseReturnValue:
    """The hours with what does not fit; a page of its own, whatever page the form stood on."""
    one = queries.of_store(db(), Resource, here().id, whose) if whose else None
    told = about(whose)
    sent = {name: form.raw(name) for name in form.sent}
    fields = told["fields"] | {name: value for name, value in sent.items() if name.startswith("day")}
    told |= {"sent": sent, "fields": fields, "days": form.sent.getlist("days")}
    return render_template("planning/hours.html", **told, errors=form.errors, one=one), 422
