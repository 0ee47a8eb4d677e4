"""Who gets into the pages of the planning room; read by tests/cloud/test_views.py."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.planning import hours, resources, terms, types
from cloud.planning.models import Change
from cloud.planning.types import Stretch
from cloud.schedule.choices import Effect
from tests.cloud.people_here import World

SEEN, OURS, DEED = (303, 200, 403, 200, 200), (303, 200, 403, 200, 404), (303, 403, 403, 403, 403)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "planning.overview": ("GET", "/planning", SEEN),
    "planning.new": ("GET", "/planning/resources/new", DEED),
    "planning.create": ("POST", "/planning/resources", DEED),
    "planning.resource": ("GET", "/planning/resources/{plan_resource}", OURS),
    "planning.change": ("POST", "/planning/resources/{plan_resource}", DEED),
    "planning.store_hours": ("GET", "/planning/hours", SEEN),
    "planning.change_week": ("POST", "/planning/week", DEED),
    "planning.add_window": ("POST", "/planning/windows", DEED),
    "planning.copy": ("POST", "/planning/copy", DEED),
    "planning.steer": ("POST", "/planning/rules/{plan_rule}/end", DEED),
    "planning.days": ("GET", "/planning/days", SEEN),
    "planning.set_days": ("POST", "/planning/days", DEED),
    "planning.clear": ("POST", "/planning/days/{plan_dated}/clear", DEED),
    "planning.import_holidays": ("POST", "/planning/holidays", DEED),
    "planning.block": ("POST", "/planning/blocks", DEED),
    "planning.steer_block": ("POST", "/planning/blocks/{plan_block}/end", DEED),
    "planning.types": ("GET", "/planning/types", SEEN),
    "planning.new_type": ("GET", "/planning/types/new", DEED),
    "planning.create_type": ("POST", "/planning/types", DEED),
    "planning.type_": ("GET", "/planning/types/{plan_type}", OURS),
    "planning.change_type": ("POST", "/planning/types/{plan_type}", DEED),
    "planning.terms": ("GET", "/planning/terms", SEEN),
    "planning.offer": ("POST", "/planning/offers", DEED),
    "planning.add_quota": ("POST", "/planning/quotas", DEED),
    "planning.remove_quota": ("POST", "/planning/quotas/{plan_quota}/remove", DEED),
    "planning.set_policy": ("POST", "/planning/policy", DEED),
    "planning.missing": ("GET", "/planning/missing", SEEN),
    "planning.history": ("GET", "/planning/history", SEEN),
    "planning.undo": ("POST", "/planning/history/{plan_change}/undo", DEED),
}
EVIL = "<b>Lane</b>"


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one's store at the pier."""
    store, by, on = world.pier.id, world.alice.id, now().date() + timedelta(days=3)
    [lane] = resources.add(session, store, {"kind": "room", "name": EVIL, "skills": ["lane"]}, by=by)
    told = {"code": "evil", "names": {"en": EVIL}, "shown": 20, "grid": {"kind": "clock", "every": 20}}
    kind = types.add(session, told, [Stretch({"en": EVIL}, 20, needs=(("lane", 1, None),))], by=by)
    rule = hours.begin(session, store, lane.id, hours.Weekly(Effect.OPEN, (0,), (540, 600), on, why=EVIL), by=by)
    dated = hours.set_day(session, store, lane.id, on, [], EVIL, by=by, first=on)
    block = hours.block(session, store, lane.id, (now(), now() + timedelta(hours=1)), EVIL, by=by)
    quota = terms.add_quota(session, store, {"type_id": kind.id, "per": "day", "most": 3}, by=by)
    change = session.scalars(select(Change).where(Change.subject == "rule")).first()
    assert change is not None
    return {
        **{"plan_resource": lane.id, "plan_type": kind.id, "plan_rule": rule.id, "plan_dated": dated.id},
        **{"plan_block": block.id, "plan_quota": quota.id, "plan_change": change.id},
    }
