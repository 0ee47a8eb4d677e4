"""What a store offers to whom, how many at most, and its policy."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.planning import holidays, queries
from cloud.planning import terms as deeds
from cloud.planning.affected import Intended
from cloud.planning.forms import terms as forms
from cloud.planning.views.blueprint import bp, done, entered, here, home, needs_chain
from cloud.planning.views.deciding import decide
from cloud.schedule import queries as schedule
from cloud.schedule.models import Quota


@bp.get("/planning/terms")
@needs(May.SEE_SCHEDULE)
def terms() -> ResponseReturnValue:
    """The matrix of offers, quotas, the policy."""
    return _page({})


@bp.post("/planning/offers")
@needs(May.PLAN)
def offer() -> ResponseReturnValue:
    """Set the matrix."""
    form, store_id, by = entered(), here().id, me().staff_id
    told = forms.offers(form, [one.id for one in queries.types(db())])
    if form.errors:
        return _page(form.errors)
    done(lambda session: deeds.offer(session, store_id, told, by=by))
    return home("terms", _("Kept."))


@bp.post("/planning/quotas")
@needs(May.PLAN)
def add_quota() -> ResponseReturnValue:
    """One more limit; what is booked already stays."""
    form, store_id, by = entered(), here().id, me().staff_id
    types = [one.id for one in queries.types(db())]
    told = forms.quota(form, types, [one.id for one in queries.resources(db(), store_id)])
    if form.errors:
        return _page(form.errors)
    done(lambda session: deeds.add_quota(session, store_id, told, by=by))
    return home("terms", _("The limit holds from now on."))


@bp.post("/planning/quotas/<int:quota_id>/remove")
@needs(May.PLAN)
def remove_quota(quota_id: int) -> ResponseReturnValue:
    """No such limit any more."""
    store_id, by = here().id, me().staff_id
    done(lambda session: deeds.remove_quota(session, queries.of_store(session, Quota, store_id, quota_id), by=by))
    return home("terms", _("The limit is gone."))


@bp.post("/planning/policy")
@needs(May.PLAN)
def set_policy() -> ResponseReturnValue:
    """How this store books, or the chain where a store has said nothing."""
    form, by = entered(), me().staff_id
    told = forms.policy(form, holidays.countries())
    whose = form.one_of("whose", ("store", "chain"), "store")
    if form.errors:
        return _page(form.errors)
    if whose == "chain":
        needs_chain()
    store_id = here().id if whose == "store" else None

    def deed(session: Session) -> None:
        deeds.set_policy(session, store_id, told, by=by)

    return decide(Intended(store_id, deed), _("Kept."), "terms")


def _page(errors: dict[str, list[str]]) -> ResponseReturnValue:
    store_id, form = here().id, entered()
    own = queries.policy(db(), store_id)
    resources = queries.resources(db(), store_id)
    page = {
        **{"types": queries.types(db()), "offers": queries.offers(db(), store_id), "resources": resources},
        **{"quotas": queries.quotas(db(), store_id), "policy": schedule.policy(db(), store_id), "own": own is not None},
        **{"named": {one.id: one.name for one in resources}, "countries": sorted(holidays.countries())},
        "type_named": {one.id: one for one in queries.types(db())},
        **{"errors": errors, "sent": form.sent if errors else {}},
    }
    return render_template("planning/terms.html", **page), 422 if errors else 200
