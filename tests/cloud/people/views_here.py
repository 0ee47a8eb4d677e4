"""Who gets into the pages of the people room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.people import queries, services
from cloud.people.models import Change
from tests.cloud.people_here import World

DESK = (303, 200, 403, 200, 404)  # reception and clinicians of the chain, no engineer, nobody of another chain
DEED = (303, 303, 403, 303, 404)
TYPED = (303, 422, 403, 422, 404)  # nothing was typed
CARE = (303, 403, 403, 303, 404)
RUNS = (303, 403, 403, 403, 403)  # merging is the manager's and the owner's
G = "/patients/{grace}"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "people.find": ("GET", "/patients/find?q=gra", (303, 200, 403, 200, 200)),
    "people.details": ("GET", f"{G}/details", DESK),
    "people.save": ("POST", f"{G}/details/status", (303, 400, 403, 400, 404)),  # no form sends no version
    "people.reveal": ("POST", f"{G}/document", DESK),
    "people.note_allergy": ("POST", f"{G}/allergies", (303, 403, 403, 422, 404)),
    "people.no_allergies": ("POST", f"{G}/allergies/none", CARE),
    "people.settle_allergy": ("POST", f"{G}/allergies/{{allergy}}/resolved", CARE),
    "people.raise_alert": ("POST", f"{G}/alerts", TYPED),
    "people.end_alert": ("POST", f"{G}/alerts/{{caution}}/end", (303, 404, 403, 303, 404)),  # reception does not see it
    "people.tag": ("POST", f"{G}/tags", TYPED),
    "people.untag": ("POST", f"{G}/tags/{{tagging}}/end", DEED),
    "people.family": ("GET", f"{G}/family?q=per", DESK),
    "people.add_contact": ("POST", f"{G}/contacts", TYPED),
    "people.change_contact": ("POST", f"{G}/contacts/{{contact}}/verify", DEED),
    "people.tie": ("POST", f"{G}/ties", TYPED),
    "people.untie": ("POST", f"{G}/ties/{{tie}}/end", DEED),
    "people.join_household": ("POST", f"{G}/household", TYPED),
    "people.leave_household": ("POST", f"{G}/household/{{membership}}/leave", DEED),
    "people.consents": ("GET", f"{G}/consents", DESK),
    "people.answer": ("POST", f"{G}/consents", TYPED),
    "people.wish": ("POST", f"{G}/wishes", DEED),
    "people.history": ("GET", f"{G}/history", (303, 403, 403, 200, 404)),
    "people.undo": ("POST", f"{G}/history/{{change}}/undo", CARE),
    "people.duplicates": ("GET", "/patients/duplicates", RUNS),
    "people.keep_apart": ("POST", "/patients/duplicates/apart?survivor={grace}&absorbed={per}", RUNS),
    "people.compare": ("GET", "/patients/merge?survivor={grace}&absorbed={per}", RUNS),
    "people.merge": ("POST", "/patients/merge?survivor={grace}&absorbed={per}", RUNS),
    "people.unmerge": ("POST", "/patients/merges/{merge}/undo", RUNS),
    "people.paper": ("GET", f"{G}/details/print", DESK),
    "people.exported": ("GET", f"{G}/person.json", DESK),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """Rows of Grace's, each to be had once."""
    grace = world.grace
    mother = services.register(session, family_name="Okafor", given_name="Ada")
    double = services.register(session, family_name="Okafor", given_name="Adda")
    services.tag(session, grace, "child", by=None)
    services.found_household(session, grace, "Okafor", by=None)
    services.edit(session, grace, {"occupation": "Pilot"}, opened=queries.patient(session, grace).version, by=None)
    change = select(Change.id).where(Change.patient_id == grace, Change.field == "occupation")
    return {
        "allergy": services.note_allergy(session, grace, substance="Latex", severity="mild", by=None).id,
        "caution": services.raise_alert(session, grace, kind="clinical", text="Narrow angle", by=None).id,
        "tagging": queries.tags(session, grace)[0][0].id,
        "contact": services.add_contact(session, grace, kind="email", value="g@example.test", by=None).id,
        "tie": services.tie(session, grace, mother.id, "parent", by=None).id,
        "membership": queries.households(session, grace)[0].membership_id,
        "change": session.scalars(change).one(),
        "merge": services.merge(session, mother.id, double.id, take=(), reason="one", by=None).id,
    }
