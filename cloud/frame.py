"""What stands around every staff page: where one may go, which store, how the store is."""

from typing import cast

from flask import current_app, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from cloud.accounts import services as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, rule_of, someone
from cloud.accounts.queries import Person
from cloud.clinic import visits
from cloud.fleet import queries as fleet
from cloud.kernel.database import unit_of_work
from cloud.kernel.live import Hub
from cloud.live import HUB
from cloud.readings import queries as readings
from cloud.web import Choice, Frame, NavItem, Tab
from cloud.web.frame import GatewayState

# The frame is drawn after the page has read the database; what happened in between is told again.
RENDERING_MS = 1000
# The pages of a chart in the order of their tabs; who may open one is what the page itself says.
CHART = {
    "overview": "clinic.overview",
    "readings": "readings.chart",
    "examinations": "clinic.examinations",
    "prescriptions": "prescriptions.of_patient",
    "trends": "clinic.trends",
    "details": "people.details",
}

OF_PATIENTS = ("clinic.record", "clinic.exam", "clinic.cases")


def framed() -> Frame:
    """The frame of this request; a bare one where nobody is signed in or the database has just failed."""
    person = someone()
    if person is not None:
        try:
            return _of(person)
        except SQLAlchemyError:
            pass
    return Frame(sign_in_href=url_for("accounts.sign_in"))


def language() -> str | None:
    """The language the signed-in person chose."""
    person = someone()
    return person.locale if person else None


def keep_language(code: str) -> None:
    """Keep the language chosen by whoever is signed in."""
    if "staff_id" in session and not session.get("code_due"):
        with unit_of_work(engine(), session["tenant_id"]) as work:
            accounts.speak(work, session["staff_id"], code)


def _of(person: Person) -> Frame:
    store = person.store
    return Frame(
        nav=_nav(person),
        chain=person.chain,
        store=store.name if store else "",
        zone=store.zone if store else "UTC",
        stores=[Choice(s.name, s.slug, s is store) for s in person.stores],
        store_href=url_for("accounts.choose_store"),
        person=person.name,
        role=", ".join(_role_word(role) for role in person.roles),
        search_href=url_for("people.patients") if May.SEE_PATIENTS in person.may else "",
        find_href=url_for("people.find") if May.SEE_PATIENTS in person.may else "",
        live_href=url_for("live.stream", since=_moment()),
        gateway=_gateway_state(store.id if store else None),
        account_href=url_for("accounts.account"),
        sign_in_href=url_for("accounts.sign_in"),
        sign_out_href=url_for("accounts.sign_out"),
        chart=lambda patient_id, active: chart_tabs(person, patient_id, active),
    )


def _moment() -> int:
    hub: Hub = current_app.extensions[HUB]
    return hub.moment() - RENDERING_MS


def _gateway_state(store_id: int | None) -> GatewayState:
    return cast(GatewayState, fleet.store_state(db(), store_id))


def _nav(person: Person) -> list[NavItem]:
    at, may = request.endpoint or "", person.may
    items = []
    if May.SEE_READINGS in may:
        items.append(
            NavItem(_("Today"), url_for("readings.today"), icon="calendar-event", active=at == "readings.today")
        )
    if May.SEE_PATIENTS in may:
        here = at.startswith(("people.", "imports.")) or at in {*CHART.values(), *OF_PATIENTS}
        items.append(NavItem(_("Patients"), url_for("people.patients"), icon="users", active=here))
    if May.SEE_RECALLS in may:
        items.append(
            NavItem(_("Recalls"), url_for("clinic.recalls"), icon="calendar-due", active=at == "clinic.recalls")
        )
    if May.SEE_RECORD in may and May.WRITE_RECORD in may:
        nags = visits.unsigned_count(db(), person.staff_id)
        here = at == "clinic.unsigned"
        items.append(
            NavItem(_("Unsigned"), url_for("clinic.unsigned"), icon="writing-sign", active=here, count=nags or None)
        )
    if May.FILE_READINGS in may:
        count = readings.tray_count(db(), person.store.id) if person.store else None
        items.append(
            NavItem(
                _("Tray"), url_for("readings.tray"), icon="inbox", active=at == "readings.tray", count=count or None
            )
        )
    here = at.startswith("calculators.")
    items.append(NavItem(_("Formulas"), url_for("calculators.calculators"), icon="calculator", active=here))
    if May.SEE_FLEET in may:
        items.append(NavItem(_("Fleet"), url_for("fleet.fleet"), icon="router", active=at.startswith("fleet.")))
    if May.MEND_FLEET in may:
        items.append(
            NavItem(
                _("Dead letters"),
                url_for("readings.dead_letters"),
                icon="mail-off",
                active=at == "readings.dead_letters",
            )
        )
    return items


def chart_tabs(person: Person, patient_id: int, active: str) -> list[Tab]:
    """Pages of a chart that are there and that this person may open; ``active`` is a name of CHART."""
    words = {
        "overview": _("Overview"),
        "readings": _("Readings"),
        "examinations": _("Examinations"),
        "prescriptions": _("Prescriptions"),
        "trends": _("Trends"),
        "details": _("Details"),
    }
    there = [(name, endpoint) for name, endpoint in CHART.items() if _opens(person, endpoint)]
    return [Tab(words[name], url_for(endpoint, patient_id=patient_id), name == active) for name, endpoint in there]


def _opens(person: Person, endpoint: str) -> bool:
    if endpoint not in current_app.view_functions:
        return False
    asked_for = {part for rule in current_app.url_map.iter_rules(endpoint) for part in rule.arguments}
    return asked_for == {"patient_id"} and set(rule_of(current_app, endpoint) or ()) <= person.may


def _role_word(role: str) -> str:
    words = {
        "owner": _("Owner"),
        "manager": _("Store manager"),
        "clinician": _("Clinician"),
        "assistant": _("Assistant"),
        "reception": _("Reception"),
        "engineer": _("Field engineer"),
    }
    return str(words.get(role, role))
