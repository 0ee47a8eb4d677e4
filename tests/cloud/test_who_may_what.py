"""People times actions: this table is what people may do, and whoever may not leaves no trace in a row of the chain."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from cloud.kernel.database import unit_of_work
from tests.cloud import deeds_here as deeds
from tests.cloud.deeds_here import Deed, Stage
from tests.cloud.people_here import World
from tests.cloud.test_views import rows

pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True)

MAY, NOTHING, REFUSED, SIGN_IN = "may", "sees nothing", "refused", "sign in"
REFUSALS = {403: REFUSED, 409: REFUSED, 423: REFUSED, 404: NOTHING}
# Alice and Bob are clinicians of chain one, where Alice writes; Charlie is one of another chain. Dora is of chain one
# and has no role; Rosa is at reception, Olivia the owner, Omar an engineer. Nobody is not signed in. Everything is of
# Pier Street, where Alice and Rosa work; Bob works in another store, whose recall list and queue are others, and so
# does Olivia here, who may choose hers.
WHO = ("alice", "bob", "charlie", "dora", "rosa", "olivia", "omar", "nobody")


def row(*, may: str = "", blind: str = "charlie") -> dict[str, str]:
    """Who may; to whom there is no such thing; everybody else is refused."""
    said = dict.fromkeys(WHO, REFUSED) | {"nobody": SIGN_IN}
    return said | dict.fromkeys(blind.split(), NOTHING) | dict.fromkeys(may.split(), MAY)


EVERYONE, SIGNED_IN = " ".join(WHO), "alice bob charlie dora rosa olivia omar"
TABLE: dict[Callable[[Stage], Deed], dict[str, str]] = {
    deeds.find_a_patient: row(may="alice bob rosa olivia"),
    deeds.open_details: row(may="alice bob rosa olivia"),
    deeds.add_a_phone: row(may="alice bob rosa olivia"),
    deeds.change_a_phone: row(may="alice bob rosa olivia"),
    deeds.reveal_a_national_id: row(may="alice bob rosa olivia"),
    deeds.see_the_history_of_changes: row(may="alice bob olivia"),
    deeds.answer_a_consent: row(may="alice bob rosa olivia"),
    deeds.merge_two_people: row(may="olivia", blind=""),
    deeds.import_a_file: row(may="olivia", blind=""),
    deeds.see_the_space_taken: row(may="olivia", blind=""),
    deeds.read_the_overview: row(may="alice bob olivia"),
    deeds.read_a_signed_record: row(may="alice bob olivia"),
    deeds.replay_a_version: row(may="alice bob olivia"),
    deeds.read_it_by_api: row(may="alice bob olivia"),
    deeds.begin_an_examination: row(may="alice bob"),
    deeds.write_into_alices_draft: row(may="alice"),
    deeds.take_alices_draft_over: row(may="alice bob"),
    deeds.accept_a_reading_into_alices_draft: row(may="alice"),
    deeds.sign_alices_draft: row(may="alice"),
    deeds.sign_what_bob_took_over: row(may="bob"),
    deeds.amend_a_signed_record: row(may="alice bob"),
    deeds.retract_with_a_second: row(may="alice bob"),
    deeds.retract_alone: row(),
    deeds.write_a_prescription: row(may="alice bob"),
    deeds.sign_a_prescription: row(may="alice bob"),
    deeds.cancel_a_prescription: row(may="alice bob"),
    deeds.read_prescriptions: row(may="alice bob olivia"),
    deeds.verify_a_paper_by_its_code: row(may=EVERYONE, blind=""),
    deeds.see_recalls: row(may="alice rosa olivia", blind="bob charlie"),
    deeds.settle_a_recall: row(may="alice rosa olivia", blind="bob charlie"),
    deeds.look_at_a_type_of_visit: row(may="alice bob rosa olivia"),
    deeds.limit_the_visits_of_a_day: row(may="olivia", blind=""),
    deeds.block_time_off: row(may="olivia", blind=""),
    deeds.say_how_a_store_books_online: row(may="olivia", blind=""),
    deeds.look_at_who_waits: row(may="alice rosa", blind="bob charlie olivia"),
    deeds.call_a_patient: row(may="alice rosa", blind="bob charlie olivia"),
    deeds.move_a_step_by_api: row(may="alice rosa", blind="bob charlie olivia"),
    deeds.let_somebody_pass_unpaid: row(may="alice rosa", blind="bob charlie olivia"),
    deeds.look_at_who_is_here: row(may="alice rosa", blind="bob charlie olivia"),
    deeds.cancel_a_registration: row(may="alice rosa", blind="bob charlie olivia"),
    deeds.say_what_screens_may_say: row(may="olivia", blind=""),
    deeds.look_at_calculators: row(may=SIGNED_IN, blind=""),
    deeds.switch_a_calculator_off: row(may="olivia", blind=""),
    deeds.look_at_a_gateways_configuration: row(may="alice bob rosa olivia omar"),
    deeds.set_a_gateway: row(may="olivia omar", blind=""),
    deeds.order_a_gateway: row(may="olivia omar", blind=""),
}


def kept(engine: Engine, world: World) -> dict[str, list[Any]]:
    """Every row of chain one but the audit trail, which grows with every look."""
    return {name: held for name, held in rows(engine, world.one).items() if name != "audit_entry"}


def answered(response: TestResponse, deed: Deed, changed: bool) -> str:
    """What somebody got: the page or the change, nothing of ours, a refusal, or the door."""
    status, text = response.status_code, response.get_data(as_text=True)
    if status == 401 or "/sign-in" in (response.location or ""):
        return SIGN_IN
    if status >= 400:
        return REFUSALS.get(status, f"answered {status}")  # of 400 or 422 the form would be to blame
    if deed.shows is None:
        return MAY if changed else REFUSED
    return MAY if deed.shows in text else NOTHING


def prepared(engine: Engine, world: World, action: Callable[[Stage], Deed]) -> Deed:
    with unit_of_work(engine, world.one) as session:
        return action(Stage(session, world))


@pytest.mark.parametrize("action", TABLE, ids=lambda action: action.__name__)
def test_whoever_may_not_gets_nothing_and_changes_nothing(engine, world, sign_in, action):
    others = [who for who in WHO if TABLE[action][who] != MAY]
    deed = prepared(engine, world, action)
    before, found = kept(engine, world), {}
    for who in others:
        someone = getattr(world, who, None)
        found[who] = answered(deed.do(sign_in(someone), someone), deed, changed=False)

    assert found == {who: TABLE[action][who] for who in others}
    assert kept(engine, world) == before


@pytest.mark.parametrize("action", [one for one in TABLE if MAY in TABLE[one].values()], ids=lambda one: one.__name__)
def test_whoever_may_does(engine, world, sign_in, action):
    those, found = [who for who in WHO if TABLE[action][who] == MAY], {}
    for who in those:
        deed, someone = prepared(engine, world, action), getattr(world, who, None)
        before = None if deed.shows else kept(engine, world)
        response = deed.do(sign_in(someone), someone)
        found[who] = answered(response, deed, changed=before is not None and kept(engine, world) != before)

    assert found == dict.fromkeys(those, MAY)
