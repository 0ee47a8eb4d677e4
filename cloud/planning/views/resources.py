"""Who and what can be booked: the list with everybody's week, one of them, the forms."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import queries as fleet
from cloud.planning import drawn, lacking, queries
from cloud.planning import resources as deeds
from cloud.planning.affected import Intended
from cloud.planning.errors import NameTaken
from cloud.planning.forms import resource as forms
from cloud.planning.forms.entered import Entered
from cloud.planning.views import hours
from cloud.planning.views.blueprint import bp, done, entered, here, home, today
from cloud.planning.views.deciding import decide
from cloud.schedule import queries as schedule
from cloud.schedule.models import Resource

FRESH = {"kind": "person", "between": 0, "weight": 1, "skills": [], "count": 1}


@bp.get("/planning")
@needs(May.SEE_SCHEDULE)
def overview() -> ResponseReturnValue:
    """Everybody and everything of this store with the hours of seven days, and what is missing to be booked."""
    store, on = here(), today()
    plan = schedule.plan(db(), store.id, on, on + 6 * hours.DAY)
    resources = queries.resources(db(), store.id)
    weeks = {one.id: drawn.week(plan, one.id, on) for one in resources}
    page = {"resources": resources, "weeks": weeks, "store_week": drawn.week(plan, None, on), "today": on}
    return render_template("planning/overview.html", **page, lacks=lacking.built(db(), store.id, on))


@bp.get("/planning/resources/new")
@needs(May.PLAN)
def new() -> ResponseReturnValue:
    """The empty form."""
    return _form(dict(FRESH, kind=request.args.get("kind", "person")), Entered(request.args), None)


@bp.post("/planning/resources")
@needs(May.PLAN)
def create() -> ResponseReturnValue:
    """One more, or several places side by side."""
    form, store_id, by = entered(), here().id, me().staff_id
    told, count = _values(form), forms.count(form)
    if form.errors:
        return _form(forms.again(form), form, None)
    try:
        done(lambda session: deeds.add(session, store_id, told, by=by, count=count))
    except NameTaken as taken:
        return _form(forms.again(_named(form, taken)), form, None)
    return home("overview", _("%(name)s is there. Next: the hours of work.", name=told["name"]))


@bp.get("/planning/resources/<int:resource_id>")
@needs(May.SEE_SCHEDULE)
def resource(resource_id: int) -> ResponseReturnValue:
    """One of them: the week as it is, its rules, its form."""
    one = queries.of_store(db(), Resource, here().id, resource_id)
    return _form(forms.texts(one), Entered(request.args), one)


@bp.post("/planning/resources/<int:resource_id>")
@needs(May.PLAN)
def change(resource_id: int) -> ResponseReturnValue:
    """Other skills, another last day: whoever is booked with it is shown first."""
    store_id, by, form = here().id, me().staff_id, entered()
    one = queries.of_store(db(), Resource, store_id, resource_id)
    told = _values(form) | {"kind": one.kind}
    if form.errors:
        return _form(forms.again(form), form, one)

    def deed(session: Session) -> None:
        deeds.change(session, queries.of_store(session, Resource, store_id, resource_id), told, by=by)

    try:
        return decide(Intended(store_id, deed), _("Kept."), "resource", resource_id=resource_id)
    except NameTaken as taken:
        return _form(forms.again(_named(form, taken)), form, one)


def _values(form: Entered) -> dict[str, Any]:
    store_id = here().id
    staff = [one.id for one in accounts.staff_of(db(), store_id)]
    instruments = [one.id for one in fleet.instruments(db(), store_id)]
    return forms.values(form, staff=staff, instruments=instruments, skills=queries.skills(db()))


def _named(form: Entered, taken: NameTaken) -> Entered:
    form.wrong("name", _("%(name)s is there already. Give it another name.", name=taken.args[0]))
    return form


def _form(told: Mapping[str, Any], form: Entered, one: Resource | None) -> ResponseReturnValue:
    store = here()
    page = {
        "told": told,
        "errors": form.errors,
        "staff": accounts.staff_of(db(), store.id),
        "instruments": fleet.instruments(db(), store.id),
        "skills": sorted({*queries.skills(db()), *told.get("skills", ())}),
    }
    about = hours.about(one.id) | {"one": one} if one else {"one": None}
    return render_template("planning/resource.html", **page, **about), 422 if form.errors else 200
