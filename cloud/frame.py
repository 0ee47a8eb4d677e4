"""What stands around every staff page: where one may go, which store, how the store is."""

from typing import cast

from flask import current_app, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from cloud.accounts import services as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, rule_of, someone
from cloud.accounts.queries import Person
from cloud.booking import entries
from cloud.clinic import visits
from cloud.fleet import queries as fleet
from cloud.kernel.database import unit_of_work
from cloud.kernel.live import Hub
from cloud.live import HUB
from cloud.operations import alerts
from cloud.operations.choices import Shelf
from cloud.readings import queries as readings
from cloud.web import Choice, Frame, NavItem, Tab
from cloud.web.frame import GatewayState

# The frame is drawn after the page has read the database; what happened in between is told again.
RENDERING_MS = 1000
# The pages of a chart in the order of their tabs; who may open one is what the page itself says.
CHART = {
    "overview": "clinic.overview",
    "readings": "readings.chart",
    "pictures": "imaging.of_patient",
    "examinations": "clinic.examinations",
    "prescriptions": "prescriptions.of_patient",
    "trends": "clinic.trends",
    "orders": "worklist.of_patient",
    "messages": "messages.of_patient",
    "details": "people.details",
}

# The pages of one gateway, likewise.
GATEWAY = {
    "overview": "fleet.gateway",
    "configuration": "shadow.configuration",
    "orders": "fleet.orders",
    "telemetry": "telemetry.gateway",
    "software": "releases.gateway",
    "certificate": "enrolment.certificate",
    "history": "operations.history",
}

SWITCHED = 50  # stores in the switch; any other is called by its name
FLEET = ("fleet.", "shadow.", "enrolment.", "telemetry.", "releases.", "operations.", "imaging.space")
ALERTS = ("operations.alerts", "operations.alert", "operations.rules")
CALENDAR = (
    *("desk.calendar", "desk.paper", "desk.search", "desk.visit", "desk.times", "desk.counter", "desk.confirm"),
    *("desk.plan_series", "desk.plan_party"),
)
OF_PATIENTS = ("clinic.record", "clinic.exam", "clinic.cases", "imaging.shown", "imaging.headers")


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
    store, near = person.store, person.stores.first(SWITCHED + 1)
    return Frame(
        nav=_nav(person),
        chain=person.chain,
        store=store.name if store else "",
        zone=store.zone if store else "UTC",
        stores=[Choice(one.name, one.slug, one is store) for one in near[:SWITCHED]],
        more_stores=len(near) > SWITCHED,
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
        gateway_tabs=lambda gateway_id, active: gateway_tabs(person, gateway_id, active),
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
    if May.SEE_SCHEDULE in may:
        items.append(NavItem(_("Calendar"), url_for("desk.calendar"), icon="calendar-week", active=at in CALENDAR))
    if May.BOOK in may:
        here = at.startswith("arrival.")
        items.append(NavItem(_("Arrivals"), url_for("arrival.today"), icon="door-enter", active=here))
        count = entries.waiting(db(), person.store.id) if person.store else None
        here = at in ("desk.queue", "desk.wish")
        live = {"live": "booking.entry.*", "live_href": url_for("desk.queue_count")}
        queue = NavItem(_("Queue"), url_for("desk.queue"), icon="list-check", active=here, count=count or None, **live)
        items.append(queue)
    if May.WORK_STATIONS in may:
        here = at.startswith("stations.")
        items.append(NavItem(_("Stations"), url_for("stations.board"), icon="layout-board", active=here))
        here = at.startswith("loops.")
        items.append(NavItem(_("Open loops"), url_for("loops.tracker"), icon="checklist", active=here))
    if May.ORDER_TESTS in may:
        here = at in ("worklist.day", "worklist.one")
        items.append(NavItem(_("Worklist"), url_for("worklist.day"), icon="clipboard-list", active=here))
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
    if May.SEE_SCHEDULE in may:
        here = at.startswith("planning.")
        items.append(NavItem(_("Schedule"), url_for("planning.overview"), icon="calendar-cog", active=here))
    if May.SET_EXCHANGE in may:
        here = at.startswith("exchange.")
        items.append(NavItem(_("Other systems"), url_for("exchange.overview"), icon="plug-connected", active=here))
    if May.SEE_MESSAGES in may:
        here = at.startswith("messages.") and at not in CHART.values()
        items.append(NavItem(_("Letters"), url_for("messages.letters"), icon="mail", active=here))
    here = at.startswith("calculators.")
    items.append(NavItem(_("Formulas"), url_for("calculators.calculators"), icon="calculator", active=here))
    if May.SEE_FLEET in may:
        items.append(
            NavItem(_("Fleet"), url_for("fleet.fleet"), icon="router", active=at.startswith(FLEET) and at not in ALERTS)
        )
    if May.MEND_FLEET in may:
        open_ = alerts.counts(db())[Shelf.OPEN]
        here = at in ALERTS
        items.append(NavItem(_("Alerts"), url_for("operations.alerts"), icon="bell", active=here, count=open_ or None))
        items.append(
            NavItem(
                _("Dead letters"),
                url_for("letters.waiting"),
                icon="mail-off",
                active=at == "letters.waiting",
            )
        )
    return items


def chart_tabs(person: Person, patient_id: int, active: str) -> list[Tab]:
    """Pages of a chart that are there and that this person may open; ``active`` is a name of CHART."""
    words = {
        "overview": _("Overview"),
        "readings": _("Readings"),
        "pictures": _("Pictures"),
        "examinations": _("Examinations"),
        "prescriptions": _("Prescriptions"),
        "trends": _("Trends"),
        "orders": _("Tests ordered"),
        "messages": _("Letters"),
        "details": _("Details"),
    }
    there = [(name, endpoint) for name, endpoint in CHART.items() if _opens(person, endpoint, "patient_id")]
    return [Tab(words[name], url_for(endpoint, patient_id=patient_id), name == active) for name, endpoint in there]


def gateway_tabs(person: Person, gateway_id: int, active: str) -> list[Tab]:
    """Pages of one gateway that are there and that this person may open; ``active`` is a name of GATEWAY."""
    words = {
        "overview": _("Overview"),
        "configuration": _("Configuration"),
        "orders": _("Orders"),
        "telemetry": _("Figures"),
        "software": _("Software"),
        "certificate": _("Certificate"),
        "history": _("History"),
    }
    there = [(name, endpoint) for name, endpoint in GATEWAY.items() if _opens(person, endpoint, "gateway_id")]
    return [Tab(words[name], url_for(endpoint, gateway_id=gateway_id), name == active) for name, endpoint in there]


def _opens(person: Person, endpoint: str, subject: str) -> bool:
    if endpoint not in current_app.view_functions:
        return False
    asked_for = {part for rule in current_app.url_map.iter_rules(endpoint) for part in rule.arguments}
    return asked_for == {subject} and set(rule_of(current_app, endpoint) or ()) <= person.may


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
