"""Alerts: what is wrong in the chain, who sees to it, when it was over, and when anybody is told."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import listing
from cloud.operations import alerts as deeds
from cloud.operations import limits, tables
from cloud.operations.choices import Shelf
from cloud.operations.forms import RulesForm
from cloud.operations.views.door import address, bp, number, said
from cloud.web.languages import current_language

KEPT = ("shelf", "rule")


@bp.get("/fleet/alerts")
@needs(May.SEE_FLEET)
def alerts() -> ResponseReturnValue:
    """Alerts of a shelf, the newest first."""
    return render_template("operations/alerts.html", **_list())


@bp.get("/fleet/alerts/part")
@needs(May.SEE_FLEET)
def alerts_part() -> ResponseReturnValue:
    """The living part of the list."""
    return render_template("operations/alerts_part.html", **_list())


def _list() -> dict[str, object]:
    shelf = Shelf(request.args["shelf"]) if request.args.get("shelf") in set(Shelf) else Shelf.OPEN
    rule = said("rule") if said("rule") in tables.rules() else ""
    found = deeds.page(db(), shelf, rule=rule, after=number(said("after")))
    shown = found[: deeds.PAGE]
    asked = listing.Asked(ids=tuple({one.gateway_id for one in shown}))
    older = _address(after=str(shown[-1].id)) if len(found) > deeds.PAGE else ""
    part = _address("operations.alerts_part", after=said("after"))
    return {
        **{"shelf": shelf.value, "rule": rule, "lines": shown, "counts": deeds.counts(db()), "address": _address},
        "where": {line.gateway.id: line for line in listing.lines(db(), asked)} if shown else {},
        "names": accounts.names(db(), {one.acknowledged_by for one in shown if one.acknowledged_by}),
        "rules": [(name, one.title.said(current_language())) for name, one in tables.rules().items()],
        **{"older": older, "part": part, "may_act": May.MEND_FLEET in me().may},
    }


def _address(endpoint: str = "operations.alerts", **changed: object) -> str:
    return address(endpoint, KEPT, **changed)


@bp.get("/fleet/alerts/<int:alert_id>")
@needs(May.SEE_FLEET)
def alert(alert_id: int) -> ResponseReturnValue:
    """One alert with its steps."""
    found = deeds.one(db(), alert_id)
    steps = deeds.changes(db(), alert_id)
    line = next(listing.lines(db(), listing.Asked(ids=(found.gateway_id,))))
    names = accounts.names(db(), {one.by for one in steps if one.by})
    page = {"one": found, "steps": steps, "line": line, "names": names, "may_act": May.MEND_FLEET in me().may}
    return render_template("operations/alert.html", **page)


@bp.post("/fleet/alerts/<int:alert_id>/acknowledge")
@needs(May.MEND_FLEET)
def acknowledge(alert_id: int) -> ResponseReturnValue:
    """Say that one sees to it."""
    if not deeds.acknowledge(db(), alert_id, by=me().staff_id, note=said("note", 500) or None):
        flash(_("Somebody sees to this alert already, or it is over. Nothing was changed."), "warning")
    return redirect(url_for(".alert", alert_id=alert_id), 303)


@bp.post("/fleet/alerts/acknowledge")
@needs(May.MEND_FLEET)
def acknowledge_many() -> ResponseReturnValue:
    """Say that one sees to all that are ticked."""
    ticked = [one for one in map(number, request.form.getlist("alert")) if one]
    done = sum(deeds.acknowledge(db(), one, by=me().staff_id) for one in ticked)
    flash(ngettext("%(num)s alert acknowledged.", "%(num)s alerts acknowledged.", done), "info")
    return redirect(url_for(".alerts"), 303)


@bp.get("/fleet/alerts/rules")
@needs(May.MEND_FLEET)
def rules() -> ResponseReturnValue:
    """When somebody is told."""
    return _rules(RulesForm.of(limits.limits(db()), limits.quiet(db())))


@bp.post("/fleet/alerts/rules")
@needs(May.MEND_FLEET)
def set_rules() -> ResponseReturnValue:
    """Set it for the chain."""
    form = RulesForm.typed_in(request.form)
    if form.errors:
        return _rules(form), 422
    for name, (active, amount) in form.limits.items():
        limits.set_limit(db(), name, active=active, amount=amount, by=me().staff_id)
    if form.quiet != limits.quiet(db()):
        limits.set_quiet(db(), form.quiet, by=me().staff_id)
    flash(_("Kept. From now on these limits hold."), "info")
    return redirect(url_for(".rules"), 303)


def _rules(form: RulesForm) -> str:
    return render_template(
        "operations/rules.html",
        **{"form": form, "table": tables.rules(), "language": current_language(), "edition": tables.edition()},
    )
