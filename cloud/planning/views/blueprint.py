"""What all pages of planning share: the store they are about, the way a change is made, what templates know."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me, someone
from cloud.accounts.rules import allowed
from cloud.booking.once import settled
from cloud.kernel.clock import local, now
from cloud.planning import recounting, wording
from cloud.planning.errors import NoSuchThing, NothingToUndo, ThePast
from cloud.planning.forms.entered import Entered, clock, written
from cloud.web import Tab
from cloud.web.error_pages import refused
from cloud.web.languages import current_language

bp = Blueprint("planning", __name__, template_folder="../templates")
bp.register_error_handler(NoSuchThing, lambda _refusal: refused(NotFound()))


@bp.errorhandler(NothingToUndo)
def _stands(_refusal: NothingToUndo) -> ResponseReturnValue:
    flash(_("It stands as it is: somebody has done that already."), "warning")
    return redirect(url_for("planning.overview"), 303)


@bp.errorhandler(ThePast)
def _has_been(_refusal: ThePast) -> ResponseReturnValue:
    flash(_("What has been cannot be changed. Nothing was done."), "warning")
    return redirect(url_for("planning.overview"), 303)


def here() -> Any:
    """The store that is looked after; 404 for whoever works in none."""
    store = me().store
    if store is None:
        abort(404)
    return store


def chain_wide() -> bool:
    """Whether whoever asks may plan for every store: types and closures of the chain are everybody's."""
    return May.PLAN in allowed(accounts.roles_in(db(), me().staff_id, None))


def needs_chain() -> None:
    """403 for whoever plans for some stores only."""
    if not chain_wide():
        abort(403)


def today() -> Any:
    """By the store's wall clock."""
    return local(now(), here().zone).date()


def entered() -> Entered:
    """What was sent."""
    return Entered(request.form)


def done(deed: Callable[[Session], object]) -> None:
    """Do what takes no time away, in a transaction of its own, and keep it. Raises what the deed raises."""
    settled(engine(), me().tenant_id, deed)


def home(endpoint: str, said: str, **parts: Any) -> ResponseReturnValue:
    """Back to a page, with a word of what was done."""
    flash(said, "good")
    return redirect(url_for(f"planning.{endpoint}", **parts), 303)


@bp.context_processor
def _speaking() -> dict[str, Any]:
    person = someone()  # nobody where a form is refused before anybody is known
    may_plan = person is not None and May.PLAN in person.may
    return {
        "wording": wording,
        "recounting": recounting,
        "clock": clock,
        "written": written,
        "may_plan": may_plan,
        "may_plan_chain": may_plan and chain_wide(),
        "tabs": _tabs,
        "day_step": timedelta(days=7),
        "pairs": lambda rows: [(one.id, one.name) for one in rows],
        "type_pairs": lambda rows: [(one.id, wording.text(one.names)) for one in rows],
        "skill_pairs": lambda codes: [(one, wording.skill(one)) for one in codes],
        "skills_said": lambda codes: ", ".join(map(wording.skill, codes)),
        "same_pairs": lambda codes: [(one, one) for one in codes],
        "colour_pairs": wording.colours,
        "kind_pairs": lambda kinds: [(one.key, one.word(current_language())) for one in kinds.values()],
        "names_by_id": lambda rows: {one.id: one.name for one in rows},
        "names_among": lambda rows, ids: ", ".join(wording.text(one.names) for one in rows if one.id in ids),
        "country_name": wording.country,
        "country_pairs": lambda codes: sorted(((one, wording.country(one)) for one in codes), key=lambda one: one[1]),
        "numbered": lambda words: list(enumerate(words)),
        "instrument_pairs": lambda rows: [(one.id, wording.instrument(one)) for one in rows],
    }


def _tabs(active: str) -> list[Tab]:
    pages = (
        ("overview", _("Who and what")),
        ("store_hours", _("Opening hours")),
        ("days", _("Days and leave")),
        ("types", _("Types of visit")),
        ("terms", _("Offers and limits")),
        ("missing", _("What is missing")),
        ("history", _("Changes")),
    )
    tabs = [Tab(word, url_for(f"planning.{name}"), name == active) for name, word in pages]
    # a page of the floor beside this one, for those who may open it
    return tabs + ([Tab(_("Online booking"), url_for("opening.settings"))] if May.PLAN in me().may else [])
