"""Who gets into the pages of the desk; read by tests/cloud/test_views.py."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cloud.booking import entries, requests, services
from cloud.booking.asking import Ask
from cloud.kernel.clock import now
from cloud.schedule.choices import Channel, Effect, Kind, Who
from cloud.schedule.models import Resource, Rule
from tests.cloud.booking.practice_here import DAILY, kind
from tests.cloud.people_here import World

OPEN, DAY = (303, 200, 403, 200, 200), (303, 200, 403, 200, 200)
PAGE, DEED = (303, 200, 403, 200, 404), (303, 303, 403, 303, 404)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "desk.calendar": ("GET", "/calendar?day={desk_day}", OPEN),
    "desk.calendar_part": ("GET", "/calendar/part?view=week", OPEN),
    "desk.paper": ("GET", "/calendar/paper?day={desk_day}", OPEN),
    "desk.search": ("GET", "/calendar/search?q=R-1", OPEN),
    "desk.visit": ("GET", "/visits/{desk_visit}", PAGE),
    "desk.turn": ("POST", "/visits/{desk_visit}/arrive", DEED),
    "desk.note": ("POST", "/visits/{desk_visit}/note", DEED),
    "desk.tried": ("GET", "/visits/{desk_visit}/try?at={desk_later}", PAGE),
    "desk.times": ("GET", "/visits/{desk_visit}/times?day={desk_day}", PAGE),
    "desk.marks": ("GET", "/booking/marks?visit={desk_visit}&first={desk_day}&last={desk_day}", PAGE),
    "desk.move": ("POST", "/visits/{desk_visit}/move?at={desk_later}", DEED),
    "desk.undo": ("POST", "/visits/{desk_visit}/undo", (303, 409, 403, 409, 404)),
    "desk.counter": ("GET", "/booking/new?type={desk_type}&patient={grace}&day={desk_day}", OPEN),
    "desk.finder": ("GET", "/booking/people?q=Okafor", OPEN),
    "desk.hold": (
        "POST",
        "/booking/hold?type={desk_type}&time={desk_later}",
        (303, 303, 403, 409, 400),
    ),  # who comes second finds it held
    "desk.confirm": ("GET", "/booking/confirm", (303, 303, 403, 303, 303)),
    "desk.book": ("POST", "/booking/confirm?patient={grace}", (303, 303, 403, 303, 303)),
    "desk.let_go": ("POST", "/booking/let-go", (303, 303, 403, 303, 303)),
    "desk.queue": ("GET", "/queue", OPEN),
    "desk.queue_part": ("GET", "/queue/part", OPEN),
    "desk.queue_count": ("GET", "/queue/count", OPEN),
    "desk.look_after": ("POST", "/queue/{desk_entry}/take", DEED),
    "desk.wish": ("GET", "/queue/requests/{desk_request}", PAGE),
    "desk.known": ("POST", "/queue/requests/{desk_request}/known?patient={grace}", DEED),
    "desk.answer": ("POST", "/queue/requests/{desk_request}/book?time={desk_later}", (303, 303, 403, 409, 404)),
    "desk.propose": ("POST", "/queue/requests/{desk_request}/propose", (303, 422, 403, 422, 404)),
    "desk.decline": ("POST", "/queue/requests/{desk_request}/decline", (303, 409, 403, 409, 404)),
    "desk.deposit": ("POST", "/visits/{desk_visit}/deposit/paid", DEED),
    "desk.wait": ("POST", "/booking/wait", (303, 409, 403, 409, 409)),
    "desk.plan_series": (
        "GET",
        "/booking/series?type={desk_type}&patient={grace}&time={desk_later}&count=3",
        (303, 200, 403, 200, 400),
    ),
    "desk.book_series": (
        "POST",
        "/booking/series?type={desk_type}&patient={grace}&time={desk_later}",
        (303, 422, 403, 422, 400),
    ),
    "desk.plan_party": (
        "GET",
        "/booking/party?type={desk_type}&patient={grace}&day={desk_day}",
        (303, 200, 403, 200, 400),
    ),
    "desk.book_party": (
        "POST",
        "/booking/party?type={desk_type}&patient={grace}&day={desk_day}&time={desk_later}",
        (303, 303, 403, 409, 400),
    ),
    "desk.walk_in": ("POST", "/booking/walk-in", (303, 409, 403, 409, 409)),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: a visit of Grace's in three weeks, at noon, with a note that is not nice."""
    store = world.pier.id
    doctor = Resource(store_id=store, kind=Kind.PERSON, name="Desk Doctor", skills=["desk"])
    session.add(doctor)
    session.flush()
    for resource_id in (None, doctor.id):
        session.add(Rule(store_id=store, resource_id=resource_id, effect=Effect.OPEN, days=DAILY, starts=0, ends=1440))
    type_id = kind(session, store, "desk-check", 20, [(20, (0, 0), ["desk"])])
    day = (now() + timedelta(days=21)).date()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    ask = Ask(store, type_id, Who.EXISTING, Channel.DESK)
    told = {"channel": Channel.DESK, "booked_by": world.alice.id, "note": "<b>both</b> of Dr Alice"}
    visit = services.book(session, ask, noon, world.grace, **told)  # type: ignore[arg-type]
    later = (noon + timedelta(hours=1)).isoformat().replace("+", "%2B")
    window = (day, 9 * 60, 17 * 60)
    answers = (("Any <i>pain</i>?", "No, says Grace Okafor"),)
    wish = requests.ask(session, requests.Asked(store, type_id, (window,), patient_id=world.per, answers=answers))
    entry = entries.of_store(session, store, 0, 1)[0]
    about = {"desk_entry": entry.id, "desk_request": wish.id}
    return about | {"desk_visit": visit.id, "desk_day": day, "desk_later": later, "desk_type": type_id}
