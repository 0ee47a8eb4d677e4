"""Types of visits, where they are offered, and the store's terms."""

import pytest

from cloud.kernel.database import unit_of_work
from cloud.planning import types
from cloud.schedule.choices import Channel
from cloud.schedule.models import Offered, Policy, Quota, Type
from tests.cloud.planning.pages_here import KIND, all_of
from tests.cloud.test_views import rows


def test_a_type_is_added_changed_and_given_up(olivia, engine, practice):
    assert olivia.post("/planning/types", data=KIND).status_code == 303
    one = all_of(engine, practice, Type)[-1]
    told = (one.code, one.names, one.lead, one.cut_off, one.deposit, one.currency, one.examinations, one.age_from)
    assert told == ("field-test", {"en": "Field test", "zh": "视野"}, 90, 1440, 1250, "EUR", ["visual_field"], 18)
    with unit_of_work(engine, practice.world.one) as session:
        first, second = types.stretches_of(session, session.get_one(Type, (practice.world.one, one.id)))
    assert set(first.needs) == {("technician", 1, None), ("perimeter", 1, None)}
    assert (second.gap, second.needs, second.lengths) == ((5, 15), (("doctor", 1, "doctor"),), ((None, "new", 15),))
    page = olivia.get(f"/planning/types/{one.id}").text
    for words in ("Come rested.", "12.50", "It is not offered at the desk of this store."):
        assert words in page
    other = {key: value for key, value in KIND.items() if key != "active"} | {"shown": "45", "grid": "listed"}
    assert olivia.post(f"/planning/types/{one.id}", data=other | {"times": "9:00, 10:30"}).status_code == 303
    changed = all_of(engine, practice, Type)[-1]
    assert (changed.shown, changed.active, changed.grid) == (45, False, {"kind": "listed", "times": [540, 630]})
    assert olivia.post("/planning/types", data=KIND).status_code == 303
    assert all_of(engine, practice, Type)[-1].code == "field-test-2"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"seg0_minutes": ""}, "Nothing comes before the first part"),
        ({"seg0_minutes": "", "seg1_minutes": ""}, "A visit takes some time"),
        ({"seg0_minutes": "7"}, "multiple of 5"),
        ({"seg0_need_technician": "", "seg0_other": ""}, "who or what this part needs"),
        ({"seg1_gap_most": "3"}, "multiple of 5"),
        ({"seg1_gap_least": "30"}, "shorter than the shortest"),
        ({"shown": "0"}, "whole number"),
        ({"age_from": "18", "age_to": "6"}, "upper age"),
        ({"grid": "listed", "times": "9:07"}, "Write times like"),
        ({"currency": ""}, "Choose the currency"),
        ({"examinations": ["astrology"]}, "Choose from the list."),
        ({"colour": "octarine"}, "Choose one from the list."),
    ],
)
def test_a_type_that_cannot_be_is_refused(olivia, engine, practice, typed, said):
    before = rows(engine, practice.world.one)
    answer = olivia.post("/planning/types", data=KIND | typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert rows(engine, practice.world.one) == before


def test_offers_quotas_and_policy_are_set(olivia, engine, practice):
    name = f"offer_{practice.check}_online"
    olivia.post("/planning/offers", data={f"{name}_new": "request", f"{name}_existing": "no"})
    offers = {(it.type_id, it.channel): (it.new, it.existing) for it in all_of(engine, practice, Offered)}
    assert offers[practice.check, Channel.ONLINE] == ("request", "no")
    assert offers[practice.full, Channel.ONLINE] == ("book", "book")
    olivia.post("/planning/quotas", data={"most": "2", "per": "week", "who": "new", "type_id": practice.check})
    [quota] = all_of(engine, practice, Quota)
    assert (quota.most, quota.per, quota.who, quota.type_id) == (2, "week", "new", practice.check)
    assert olivia.post(f"/planning/quotas/{quota.id}/remove").status_code == 303
    assert all_of(engine, practice, Quota) == []
    olivia.post("/planning/policy", data={"hold_minutes": "9", "turn": "sum", "overlap": "deny", "country": "CN"})
    [policy] = all_of(engine, practice, Policy)
    assert (policy.store_id, policy.hold_minutes, policy.turn, policy.country) == (practice.store, 9, "sum", "CN")
