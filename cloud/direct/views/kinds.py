"""What for: the types one may have, and before some of them the questions that must not wait for a routine time."""

from flask import request
from flask_babel import gettext as _

from cloud.direct import choosing, deeds, tables, visitor
from cloud.direct.browser import Again, Go, Refused
from cloud.direct.errors import NotTheirs
from cloud.direct.views.pages import before, drawn, names, way
from cloud.direct.visitor import Here
from cloud.web.languages import current_language


@way.page("what")
def what(here: Here, again: Again) -> str | Go:
    """The types, person by person."""
    first = before(here, "what")
    if first:
        return first
    there, told = choosing.members(here.session, here.shop, here.way), here.told
    offered = {key: choosing.offers(here.session, here.shop, told, there, key) for key in told.people}
    return drawn(here, "what", again, offered=offered, names=names(here), chosen=told.types)


@way.act("what")
def chosen(here: Here) -> Go:
    """These; what can only be asked for goes to the form for that."""
    visitor.first(before(here, "what"))
    there, told = choosing.members(here.session, here.shop, here.way), here.told
    kinds = {key: request.form.get(f"type-{key}", type=int) for key in told.people}
    try:
        choosing.choose_types(here.session, here.shop, told, there, {key: one or 0 for key, one in kinds.items()})
    except NotTheirs:
        raise Refused({"type": _("Choose what it is for.")}) from None
    here.keep(told)
    if choosing.wants_flags(here.session, told):
        return Go("check")
    return Go("request" if choosing.only_asks(here.session, here.shop, told) else "when")


@way.page("check")
def check(here: Here, again: Again) -> str | Go:
    """Questions about red flags."""
    first = before(here, "check")
    _version, questions = tables.red_flags()
    asked = [(one.code, one.said(current_language())) for one in questions]
    return first or drawn(here, "check", again, asked=asked, chosen=here.told.flags)


@way.act("check")
def answered(here: Here) -> Go:
    """One yes stops the routine booking, and the practice sees it above everything else."""
    visitor.first(before(here, "check"))
    _version, questions = tables.red_flags()
    said = {one.code: request.form.get(f"flag-{one.code}", "") for one in questions}
    missing = {f"flag-{code}": _("Answer yes or no.") for code, answer in said.items() if answer not in ("yes", "no")}
    if missing:
        raise Refused(missing)
    if deeds.answer_flags(here.session, here.shop, here.way, {code: one == "yes" for code, one in said.items()}):
        return Go("urgent")
    return Go("request" if choosing.only_asks(here.session, here.shop, here.told) else "when")


@way.page("urgent")
def urgent(here: Here, again: Again) -> str | Go:
    """What to do now."""
    first = before(here, "check")
    if first is None and not any(here.told.flags.values()):
        return Go("check")
    return first or drawn(here, "urgent", again)
