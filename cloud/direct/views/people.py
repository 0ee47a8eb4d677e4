"""For whom: people of the household, somebody new, and who answers for a child."""

from datetime import date

from flask import request
from flask_babel import gettext as _

from cloud.direct import choosing, dialling, family, showing, visitor, wording
from cloud.direct.browser import Again, Go, Refused
from cloud.direct.errors import NotTheirs
from cloud.direct.told import Guardian, Newcomer, Told
from cloud.direct.views.pages import before, drawn, today, way
from cloud.direct.visitor import Here
from cloud.people import phones
from cloud.people.choices import ContactKind
from cloud.web.languages import LANGUAGES

LONGEST = 100
MOST = 4  # people of one family at once


@way.page("who")
def who(here: Here, again: Again) -> str | Go:
    """Everybody one may book for."""
    there = choosing.members(here.session, here.shop, here.way)
    told = here.told if here.way.verified_at else Told()
    first = before(here, "who")
    if first is None and not there and not told.newcomers:
        return Go("new")
    chosen = told.people
    people = [(one.key, wording.person(one)) for one in there.values()] if not first else []
    people += [(f"n{at}", wording.person(one)) for at, one in enumerate(told.newcomers)]
    return first or drawn(here, "who", again, people=people, chosen=chosen, most=MOST)


@way.act("who")
def chosen(here: Here) -> Go:
    """For these."""
    visitor.first(before(here, "who"))
    there, told = choosing.members(here.session, here.shop, here.way), here.told
    keys = request.form.getlist("person")
    if not 1 <= len(keys) <= MOST:
        raise Refused({"person": _("Choose for whom, at most %(most)s people at once.", most=MOST)})
    try:
        choosing.choose_people(here.session, told, there, keys)
    except NotTheirs:
        raise Refused({"person": _("Choose somebody of the list.")}) from None
    speaks = next((there[int(key[1:])].language for key in keys if key.startswith("p")), None)
    here.way.language = here.way.language or (speaks if speaks in LANGUAGES else None)
    here.keep(told)
    return Go("what")


@way.page("new")
def new(here: Here, again: Again) -> str | Go:
    """Somebody the practice does not know."""
    first = before(here, "who")
    if first:
        return first
    there = choosing.members(here.session, here.shop, here.way)
    adults = [one for one in there.values() if not family.is_minor(one.born, today(here.shop))]
    known = here.told.newcomers
    return drawn(here, "new", again, adults=adults, alone=not there, first=not known, today=today(here.shop))


@way.act("new")
def added(here: Here) -> Go:
    """Keep what they say of themselves; a chart is made with the booking and not before."""
    visitor.first(before(here, "who"))
    there, told = choosing.members(here.session, here.shop, here.way), here.told
    one = _newcomer(here)
    if len(told.newcomers) >= MOST + 2:
        raise Refused({"": _("For more people, call us.")})
    if not there and not told.newcomers:
        told.people = []
    choosing.add(here.session, told, there, one)
    told.people = told.people[-MOST:]
    here.keep(told)
    return Go("who" if there or len(told.newcomers) > 1 else "what")


def _newcomer(here: Here) -> Newcomer:
    """What was entered. Raises Refused with what is missing."""
    wrong: dict[str, str] = {}
    given, family_name = _name("given"), _name("family")
    if not family_name:
        wrong["family"] = _("Enter the family name.")
    if not given:
        wrong["given"] = _("Enter the first name.")
    born = _born(here, wrong)
    email, phone = _others(here, wrong)
    guardian = _guardian(here, born, wrong)
    if request.form.get("agree") != "yes":
        wrong["agree"] = _("We cannot examine anybody without this.")
    if wrong or born is None:
        raise Refused(wrong)
    reminders = request.form.get("reminders") == "yes"
    return Newcomer(family_name, given, born, email=email, phone=phone, guardian=guardian, reminders=reminders)


def _name(field: str) -> str:
    text = "".join(sign for sign in request.form.get(field, "") if sign.isprintable())
    return " ".join(text.split())[:LONGEST]


def _born(here: Here, wrong: dict[str, str]) -> date | None:
    born = showing.day(request.form.get("born", ""))
    if born is None or not date(1900, 1, 1) <= born <= today(here.shop):
        wrong["born"] = _("Enter the date of birth.")
        return None
    return born


def _others(here: Here, wrong: dict[str, str]) -> tuple[str, str]:
    """The contact that was not proved: an e-mail beside a telephone, or the other way round."""
    email, phone = request.form.get("email", "").strip(), request.form.get("phone", "").strip()
    if email and not (phones.fits(ContactKind.EMAIL, email) and len(email) <= LONGEST):
        wrong["email"] = _("This is no e-mail address.")
    number = dialling.international(phone, here.shop.country) if phone else ""
    if number is None:
        wrong["phone"] = _("This is no telephone number.")
    return email, number or ""


def _guardian(here: Here, born: date | None, wrong: dict[str, str]) -> Guardian | None:
    """Who answers for a child, somebody known or somebody new."""
    if not family.is_minor(born, today(here.shop)):
        return None
    there = choosing.members(here.session, here.shop, here.way)
    chosen = request.form.get("guardian", "")
    adults = {one.key for one in there.values() if not family.is_minor(one.born, today(here.shop))}
    if chosen in adults:
        return Guardian(person=chosen)
    found = Guardian(family=_name("guardian_family"), given=_name("guardian_given"))
    if not found.family or not found.given:
        wrong["guardian"] = _("Somebody of age has to answer for a child: say who.")
    return found
