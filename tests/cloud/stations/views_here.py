"""Who gets into the pages of the stations; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.calls import screens
from cloud.queue import queries, services
from cloud.queue.choices import Sort
from tests.cloud.people_here import World

OPEN = (303, 200, 403, 200, 200)
PAGE, DEED = (303, 200, 403, 200, 404), (303, 303, 403, 303, 404)
PLANS = (303, 403, 403, 403, 403)
STATION, STEP, STAY = "/stations/{stations_station}", "/steps/{stations_step}", "/stays/{stations_stay}"
SET = "/stations/settings"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "stations.board": ("GET", "/stations", OPEN),
    "stations.board_part": ("GET", "/stations/part", OPEN),
    "stations.line": ("GET", STATION, PAGE),
    "stations.line_part": ("GET", f"{STATION}/part", PAGE),
    "stations.call_next": ("POST", f"{STATION}/next", DEED),
    "stations.call": ("POST", f"{STEP}/call", DEED),
    "stations.missed": ("POST", f"{STEP}/missed", DEED),
    "stations.turn": ("POST", f"{STEP}/turn/in_room", DEED),
    "stations.transfer": ("POST", f"{STEP}/transfer", DEED),
    "stations.plan": ("POST", f"{STEP}/then", DEED),
    "stations.examine": ("POST", f"{STEP}/examine", (303, 403, 403, 303, 404)),
    "stations.hurry": ("POST", f"{STEP}/hurry", (303, 422, 403, 422, 404)),
    "stations.pay": ("POST", f"{STAY}/pay", DEED),
    "stations.let_pass": ("POST", f"{STAY}/pass", DEED),
    "stations.refund": ("POST", f"{STAY}/refund", DEED),
    "stations.report": ("GET", "/stations/report", OPEN),
    "stations.report_file": ("GET", "/stations/report.csv", OPEN),
    "stations.settings": ("GET", SET, PLANS),
    "stations.furnish": ("POST", f"{SET}/furnish", PLANS),
    "stations.say_what": ("POST", f"{SET}/saying", PLANS),
    "stations.change_station": ("POST", f"{SET}/stations/{{stations_station}}", PLANS),
    "stations.add_desk": ("POST", f"{SET}/stations/{{stations_station}}/desks", PLANS),
    "stations.close_desk": ("POST", f"{SET}/desks/{{stations_desk}}/close", PLANS),
    "stations.change_kind": ("POST", f"{SET}/kinds/general", PLANS),
    "stations.regain": ("POST", "/stations/queue/regain", (303, 303, 403, 303, 303)),
    "stations.read_beside": ("POST", "/stations/queue/read", (303, 303, 403, 303, 303)),
    "stations.choose_gateway": ("POST", f"{SET}/gateway", PLANS),
    "stations.open_screen": ("POST", f"{SET}/screens", PLANS),
    "stations.end_screen": ("POST", f"{SET}/screens/{{stations_screen}}/end", PLANS),
    "stations_api.stations": ("GET", "/api/v1/stations", (401, *OPEN[1:])),
    "stations_api.call_next": ("POST", f"/api/v1{STATION}/next", (401, 200, 403, 409, 404)),  # one waits, not two
    "stations_api.turn": ("POST", f"/api/v1{STEP}/in_room", (401, 200, 403, 409, 404)),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: Per, who waits for the doctor, a door, a screen."""
    store = world.pier.id
    made = {one.sort: one.id for one in services.furnish(session, store)}
    kind = queries.kind(session, store, "fitting")
    stay, step, _token = services.arrive(session, kind, patient_id=world.per, by=world.rosa.id)
    one = queries.InLine(step, stay)
    at_doctor = services.transfer(session, one, made[Sort.DOCTOR], by=world.rosa.id)
    screen, _token = screens.open_(session, store, "screen", "Hall", by=world.olivia.id)
    [desk] = queries.desks(session, [made[Sort.DOCTOR]])
    where = {"stations_station": made[Sort.DOCTOR], "stations_desk": desk.id, "stations_screen": screen.id}
    return where | {"stations_step": at_doctor.id, "stations_stay": stay.id}
