"""Types of visit: the list, one with its course drawn, the form."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.booking.asking import Ask
from cloud.planning import drawn, lacking, queries
from cloud.planning import types as deeds
from cloud.planning.affected import Intended
from cloud.planning.forms import type_ as forms
from cloud.planning.forms.entered import Entered
from cloud.planning.types import Stretch
from cloud.planning.views.blueprint import bp, done, entered, here, home, needs_chain, today
from cloud.planning.views.deciding import decide
from cloud.schedule.choices import Channel, Kind, Who
from cloud.schedule.models import Type
from cloud.worklist.catalogue import catalogue

FRESH: dict[str, Any] = {
    **{"shown": 30, "before": 0, "grid": "clock", "every": 15, "offset": 0, "horizon": 90, "lead_hours": "2"},
    **{"cut_off_hours": "24", "active": True, "colour": "azure", "same": [], "examinations": []},
}
Told = tuple[dict[str, Any], list[Stretch]]


@bp.get("/planning/types")
@needs(May.SEE_SCHEDULE)
def types() -> ResponseReturnValue:
    """Every type of the chain with its course, and what this store offers of it."""
    found = queries.types(db())
    needs_ = queries.needs(db(), [one.id for one in found])
    courses = {number: drawn.course(_plain(segments)) for number, segments in needs_.items()}
    page = {"types": found, "needs": needs_, "courses": courses, "offers": queries.offers(db(), here().id)}
    return render_template("planning/types.html", **page)


@bp.get("/planning/types/new")
@needs(May.PLAN)
def new_type() -> ResponseReturnValue:
    """The empty form."""
    needs_chain()
    return _form(FRESH, Entered(request.args), None)


@bp.post("/planning/types")
@needs(May.PLAN)
def create_type() -> ResponseReturnValue:
    """One more type; it is offered nowhere yet."""
    needs_chain()
    form, by = entered(), me().staff_id
    told, stretches = _values(form, [])
    if form.errors:
        return _form(_again(form), form, None)
    code = forms.code(told["names"]["en"], {one.code for one in queries.types(db())})
    done(lambda session: deeds.add(session, told | {"code": code}, stretches, by=by))
    return home("terms", _("The type is there. Next: where it can be booked."))


@bp.get("/planning/types/<int:type_id>")
@needs(May.SEE_SCHEDULE)
def type_(type_id: int) -> ResponseReturnValue:
    """One type: its course drawn, why it has no times here if it has none, its form."""
    one = queries.type_(db(), type_id)
    stretches = deeds.stretches_of(db(), one)
    return _form(forms.texts(one) | forms.segment_texts(stretches), Entered(request.args), one)


@bp.post("/planning/types/<int:type_id>")
@needs(May.PLAN)
def change_type(type_id: int) -> ResponseReturnValue:
    """Other words or another course; what is booked stays as it was booked."""
    needs_chain()
    form, by = entered(), me().staff_id
    one = queries.type_(db(), type_id)
    old = deeds.stretches_of(db(), one)
    told, stretches = _values(form, old)
    if form.errors:
        return _form(_again(form), form, one)

    def deed(session: Session) -> None:
        deeds.change(session, queries.type_(session, type_id), told, stretches, by=by)

    if [it.needs for it in stretches] != [it.needs for it in old]:
        return decide(Intended(None, deed), _("Kept."), "type_", type_id=type_id)
    done(deed)  # words and lengths take nobody's time away
    return home("type_", _("Kept."), type_id=type_id)


def _values(form: Entered, old: list[Stretch]) -> Told:
    people = [one.id for one in queries.resources(db(), here().id) if one.kind == Kind.PERSON]
    told = forms.values(form, list(catalogue().kinds))
    return told, forms.stretches(form, queries.skills(db()), people, old)


def _again(form: Entered) -> dict[str, Any]:
    told: dict[str, Any] = {name: form.raw(name) for name in form.sent}
    return told | {"same": form.sent.getlist("same"), "examinations": form.sent.getlist("examinations")}


def _form(told: Mapping[str, Any], form: Entered, one: Type | None) -> ResponseReturnValue:
    resources = queries.resources(db(), here().id)
    page: dict[str, Any] = {
        "told": told,
        "errors": form.errors,
        "one": one,
        "skills": queries.skills(db()),
        "resources": resources,
    }
    stands = deeds.stretches_of(db(), one) if one else []
    page |= {
        "stretches": stands,
        "course": drawn.course(stands),
        "people": [it for it in resources if it.kind == Kind.PERSON],
    }
    page |= {"kinds": catalogue().kinds, "segments": forms.SEGMENTS, "colours": forms.COLOURS}
    page |= {"currencies": forms.CURRENCIES, "lacks": _lacks(one) if one else ()}
    return render_template("planning/type.html", **page), 422 if form.errors else 200


def _lacks(one: Type) -> Any:
    """None where it can be had at the desk, else what takes the times away."""
    return lacking.times_or_why(db(), Ask(here().id, one.id, Who.EXISTING, Channel.DESK), today())


def _plain(segments: Any) -> list[Stretch]:
    return [Stretch(it.names, it.minutes, (it.gap_least, it.gap_most)) for it, _needs in segments]
