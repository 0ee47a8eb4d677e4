"""What every page of the way has in common."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup

from cloud.direct import browser, choosing, stamps, wording
from cloud.direct.browser import TRAP, Again, Go
from cloud.direct.doors import Shop
from cloud.direct.visitor import CALM, Here, Way
from cloud.kernel.clock import local, now
from cloud.web.languages import current_language

bp = Blueprint("direct", __name__, template_folder="../templates")
way = Way(bp)


def drawn(here: Here, name: str, again: Again = CALM, **more: Any) -> str:
    """A page. ``wrong`` is what did not fit, by field; ``form`` what was entered."""
    told = {"shop": here.shop, "flow": here.flow, "wrong": again.wrong, "form": request.form}
    return render_template(f"direct/{name}.html", **told, **more)


def before(here: Here, step: str) -> Go | None:
    """The step that has to be done first; None when everything before ``step`` is."""
    flow = here.flow
    if flow is None:
        return Go("start", (("over", "1"),))
    if flow.verified_at is None:
        return None if step == "code" else Go("code")
    if flow.visits and step != "done":
        return Go("done")
    if step in ("code", "start"):
        return Go("who")
    missing = [name for name, lacks in _lacks(here).items() if lacks]
    order = ["family", "who", "what", "check", "when", "confirm"]
    there = order[: order.index(step)] if step in order else order[:3]
    first = next((one for one in there if one in missing), None)
    return Go(first) if first else None


def _lacks(here: Here) -> dict[str, bool]:
    told = here.told
    people = bool(told.people)
    types = people and all(key in told.types for key in told.people)
    return {
        "family": choosing.must_open(here.session, here.shop, here.way),
        "who": not people,
        "what": not types,
        "check": any(told.flags.values()) or (types and choosing.wants_flags(here.session, told)),
        "when": told.at is None,
    }


def names(here: Here) -> dict[str, str]:
    """Everybody who was chosen, as the page calls them."""
    there = choosing.members(here.session, here.shop, here.way)
    told = here.told
    return {key: _name(told, there, key) for key in told.people}


def _name(told: Any, there: Any, key: str) -> str:
    if key.startswith("n"):
        one = choosing.newcomer(told, key)
        return one.given or one.family
    return choosing.member(there, key).name


def today(shop: Shop) -> date:
    """The store's own."""
    return local(now(), shop.zone).date()


@bp.context_processor
def _given() -> dict[str, Any]:
    return {
        "place": browser.place,
        "stamped": _stamped,
        "framed": browser.framed(),
        "say": wording.said,
        "words": wording,
        "consent": wording.consent,
        "turned": _turned,
        "TRAP": TRAP,
    }


def _stamped(whose: str = "") -> Markup:
    """What a form carries: a stamp for this browser alone, and the language that was chosen on this page."""
    stamp = stamps.make(browser.key(), whose or browser.token())
    said = request.values.get("lang", "")
    lang = Markup('<input type="hidden" name="lang" value="{}">').format(current_language()) if said else ""
    return Markup('<input type="hidden" name="stamp" value="{}">{}').format(stamp, lang)


def _turned(code: str) -> str:
    """This page in another language."""
    args = {key: value for key, value in request.args.items() if key != "lang"}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **args, "lang": code})
