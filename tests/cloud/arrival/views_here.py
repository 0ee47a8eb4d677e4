"""Who gets into the pages of the ways in; read by tests/cloud/test_views.py."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from cloud.arrival import kiosks
from cloud.booking import links
from cloud.booking.choices import Purpose
from cloud.kernel.clock import now
from cloud.queue import queries, services
from tests.cloud.arrival.door_here import book
from tests.cloud.booking.practice_here import kind
from tests.cloud.people_here import World

ANYONE, BAD, OPEN = (200,) * 5, (400,) * 5, (303, 200, 403, 200, 200)
PAGE, DEED = (303, 200, 403, 200, 404), (303, 303, 403, 303, 404)
PLANS = (303, 403, 403, 403, 403)
KIOSK, PLACE, ARRIVE = "/kiosk/{arrival_kiosk}", "/place/{arrival_place}", "/arrive/{arrival_link}"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "arrival.today": ("GET", "/arrivals", OPEN),
    "arrival.today_part": ("GET", "/arrivals/part", OPEN),
    "arrival.arrived": ("POST", "/arrivals/visits/{arrival_visit}", DEED),
    "arrival.furnish": ("POST", "/arrivals/stations", PLANS),
    "arrival.new": ("GET", "/arrivals/new?patient={per}", OPEN),
    "arrival.register": ("POST", "/arrivals/new?patient={per}", (303, 422, 403, 422, 422)),
    "arrival.one": ("GET", "/arrivals/{arrival_stay}", PAGE),
    "arrival.paper": ("GET", "/arrivals/{arrival_stay}/paper", PAGE),
    "arrival.act": ("POST", "/arrivals/{arrival_stay}/doctor", DEED),
    "arrival.kiosks": ("GET", "/arrivals/kiosks", PLANS),
    "arrival.open_kiosk": ("POST", "/arrivals/kiosks", PLANS),
    "arrival.end_kiosk": ("POST", "/arrivals/kiosks/{arrival_screen}/end", PLANS),
    "entrance.kiosk": ("GET", KIOSK, ANYONE),
    "entrance.kiosk_visit": ("GET", f"{KIOSK}/visit", ANYONE),
    "entrance.kiosk_check": ("POST", f"{KIOSK}/visit?lang=en", (422,) * 5),
    "entrance.kiosk_kinds": ("GET", f"{KIOSK}/walk-in", ANYONE),
    "entrance.kiosk_register": ("POST", f"{KIOSK}/walk-in", BAD),
    "entrance.kiosk_ticket": ("GET", f"{KIOSK}/ticket/{{arrival_place}}", ANYONE),
    "entrance.place": ("GET", PLACE, ANYONE),
    "entrance.place_part": ("GET", f"{PLACE}/part", ANYONE),
    "entrance.leave": ("GET", f"{PLACE}/leave", ANYONE),
    "entrance.left": ("POST", f"{PLACE}/leave", BAD),
    "entrance.coming": ("GET", ARRIVE, ANYONE),
    "entrance.come": ("POST", ARRIVE, BAD),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """A store with its stations and a kiosk, Grace in it with a ticket, Per booked for today."""
    store = world.pier.id
    services.furnish(session, store)
    queries.kind(session, store, "general").kiosk = True
    screen, kiosk = kiosks.open_(session, store, "At the door", world.olivia.id)
    general = queries.kind(session, store, "follow_up")
    stay, _step, place = services.arrive(session, general, patient_id=world.grace, by=world.rosa.id)
    visit = book(session, kind(session, store, "arrival-check", 20, [(20, (0, 0), ["arriving"])]), store, world.per)
    link = links.make(session, Purpose.MANAGE, visit_id=visit, until=now() + timedelta(days=1))
    addresses = {"arrival_kiosk": kiosk, "arrival_place": place, "arrival_link": link}
    return addresses | {"arrival_stay": stay.id, "arrival_visit": visit, "arrival_screen": screen.id}
