"""Who gets into the pages of the closed loop; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.loops import deeds, ordering
from cloud.loops.guards import Doer
from cloud.loops.ordering import Drug, Test
from cloud.queue import queries, services
from cloud.queue.choices import Sort
from cloud.queue.choices import Step as State
from tests.cloud.people_here import World

OPEN, MINE = (303, 200, 403, 200, 200), (303, 403, 403, 200, 200)
PAGE, DEED = (303, 200, 403, 200, 404), (303, 303, 403, 303, 404)
STEP, TASK = "/steps/{loops_step}", "/loops/tasks/{loops_task}"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "loops.tests": ("GET", f"{STEP}/tests", PAGE),
    "loops.order_tests": ("POST", f"{STEP}/tests", (303, 422, 403, 422, 404)),
    "loops.medicines": ("GET", f"{STEP}/medicines", (303, 403, 403, 200, 404)),
    "loops.order_medicines": ("POST", f"{STEP}/medicines", (303, 403, 403, 422, 404)),
    "loops.check_up": ("GET", "/loops/check-up", OPEN),
    "loops.check_up_part": ("GET", "/loops/check-up/part", OPEN),
    "loops.ad_hoc": ("POST", "/loops/ad-hoc", (303, 303, 403, 303, 303)),
    "loops.dispensary": ("GET", "/loops/dispensary", OPEN),
    "loops.dispensary_part": ("GET", "/loops/dispensary/part", OPEN),
    "loops.label": ("GET", "/loops/tasks/{loops_box}/label", PAGE),
    "loops.results": ("GET", "/loops/results", MINE),
    "loops.results_part": ("GET", "/loops/results/part", MINE),
    "loops.tracker": ("GET", "/loops", OPEN),
    "loops.tracker_part": ("GET", "/loops/part", OPEN),
    "loops.tracker_file": ("GET", "/loops/list.csv", OPEN),
    "loops.turn": ("POST", f"{TASK}/turn/cancelled", DEED),
    "loops.known": ("POST", f"{TASK}/known", DEED),
    "loops.let_pass": ("POST", f"{TASK}/pass", DEED),
    "loops_api.tasks": ("GET", "/api/v1/tasks", (401, *OPEN[1:])),
    "loops_api.turn": ("POST", "/api/v1/tasks/{loops_task}/cancelled", (401, 409, 403, 409, 404)),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: Grace in the doctor's room, a test of hers, a box that was checked twice."""
    store, by = world.pier.id, world.alice.id
    made = {one.sort: one.id for one in services.furnish(session, store)}
    kind = queries.kind(session, store, "general")
    stay, step, _token = services.arrive(session, kind, patient_id=world.grace, by=world.rosa.id)
    at_doctor = services.transfer(session, queries.InLine(step, stay), made[Sort.DOCTOR], by=world.rosa.id)
    one = queries.InLine(at_doctor, stay)
    for becomes in (State.IN_ROOM, State.EXAM_DRAFT):
        services.turn(session, one, becomes, by=by)
    box = ordering.medicines(session, one, [Drug("Drops", "1 drop")], by=by)[0]
    said = {"looked": "yes", "lot": "L-7", "expiry": "2099-12-31"}
    for becomes, who in zip(
        ("clinical_check", "reserved", "picked", "second_check"), (by, by, by, world.rosa.id), strict=True
    ):
        deeds.turn(session, box, becomes, said, Doer(who, frozenset(May)))
    [test] = ordering.tests(session, one, [Test("tonometry", amount=100)], by=by)
    return {"loops_step": at_doctor.id, "loops_task": test.id, "loops_box": box.id}
