"""The schedule's pages as the owner sees them: what is set stands, what does not fit is said and changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cloud.accounts.models import Post
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.planning import hours, queries, terms, types
from cloud.planning.models import Change
from cloud.schedule.models import Block, Dated, Offered, Quota, Resource, Rule, Type
from tests.cloud.planning.pages_here import EVIL, KIND, all_of, blocked, somebody
from tests.cloud.test_views import queries_for, rows


def test_somebody_is_added_and_stands_on_the_page(olivia, engine, practice):
    answer = olivia.post("/planning/resources", data=somebody(more_skills="slit-lamp, language:zh"))
    assert answer.status_code == 303
    one = all_of(engine, practice, Resource)[-1]
    told = (one.name, one.skills, one.between, one.weight, one.store_id)
    assert told == ("Dr Cy", ["doctor", "slit-lamp", "language:zh"], 5, 2, practice.store)
    page = olivia.get("/planning").text
    assert "Dr Cy" in page
    assert "No hours of work yet: Dr Cy." in page
    assert "speaks Chinese" in olivia.get(f"/planning/resources/{one.id}").text


def test_places_side_by_side_are_added_at_once(olivia, engine, practice):
    olivia.post("/planning/resources", data=somebody(kind="seat", name="Seat", count="4"))
    assert [one.name for one in all_of(engine, practice, Resource)][-4:] == ["Seat 1", "Seat 2", "Seat 3", "Seat 4"]


WRONG = [
    ("/planning/resources", somebody(name=""), "This is needed."),
    ("/planning/resources", somebody(name="Dr Ada"), "Dr Ada is there already"),
    ("/planning/resources", somebody(name="x" * 121), "At most 120 characters."),
    ("/planning/resources", somebody(skills=[]), "looks for a skill"),
    ("/planning/resources", somebody(more_skills="Ärztin!"), "small Latin letters"),
    ("/planning/resources", somebody(between="7"), "multiple of 5"),
    ("/planning/resources", somebody(kind="robot"), "Choose one from the list."),
    ("/planning/resources", somebody(staff_id="1"), "Choose one from the list."),
    ("/planning/resources", somebody(instrument_id="99999999"), "Choose one from the list."),
    ("/planning/resources", somebody(active_from="2027-02-01", active_until="2027-01-01"), "before the first"),
    ("/planning/resources", somebody(licensed_until="never"), "year-month-day"),
    ("/planning/resources/{ada}", somebody(name="Dr Ben"), "Dr Ben is there already"),
    ("/planning/week", {"day0": "9-13", "since": "2020-01-01"}, "What has been cannot be changed"),
    ("/planning/week", {"day0": "nine", "since": "{day}"}, "09:00-13:00"),
    ("/planning/week", {"day0": "9-13, 12-14", "since": "{day}"}, "overlap"),
    ("/planning/week", {"day0": "9-13", "since": "{day}", "parity": "prime"}, "Choose one from the list."),
    ("/planning/windows", {"effect": "open", "days": "0", "starts": "9", "ends": "10", "since": "{day}"}, "Choose one"),
    ("/planning/windows", {"effect": "blocked", "starts": "9", "ends": "10", "since": "{day}"}, "at least one day"),
    ("/planning/windows", {"effect": "only", "days": "0", "starts": "9", "ends": "10", "since": "{day}"}, "one type"),
    (
        "/planning/windows",
        {"effect": "blocked", "days": "0", "starts": "10", "ends": "9", "since": "{day}"},
        "end lies",
    ),
    ("/planning/copy", {"resource_id": "{ada}", "since": "{day}"}, "to whom the week is copied"),
    ("/planning/days", {"on": "2020-01-01", "how": "closed"}, "What has been cannot be changed"),
    ("/planning/days", {"on": "{day}", "how": "open"}, "09:00-13:00"),
    ("/planning/days", {"on": "{day}", "until": "2190-01-01"}, "At most a year"),
    ("/planning/days", {"on": "{day}", "resource_id": "99999999"}, "Choose one from the list."),
    ("/planning/holidays", {"year": "2027"}, "at least one day"),
    ("/planning/holidays", {"year": "2027", "days": "2027-03-03"}, "Choose from the list."),
    ("/planning/blocks", {"from_day": "{day}", "to_day": "{day}"}, "This is needed."),
    (
        "/planning/blocks",
        {"from_day": "{day}", "to_day": "{day}", "from_time": "10", "to_time": "9", "why": "x"},
        "end lies",
    ),
    ("/planning/blocks", {"from_day": "2020-01-01", "to_day": "2020-01-02", "why": "x"}, "What has been"),
    ("/planning/types", {"name_en": ""}, "This is needed."),
    ("/planning/offers", {"offer_{check}_online_new": "perhaps"}, "Nothing was changed."),
    ("/planning/quotas", {"most": "-1"}, "whole number"),
    ("/planning/quotas", {"most": "3", "type_id": "99999999"}, "Nothing was changed."),
    ("/planning/policy", {"hold_minutes": "60"}, "whole number from 5 to 10"),
    ("/planning/policy", {"hold_minutes": "7", "country": "XX"}, "Choose one from the list."),
]


@pytest.mark.parametrize(("address", "typed", "said"), WRONG)
def test_what_does_not_fit_is_said_beside_its_field_and_changes_nothing(
    olivia, engine, practice, day, address, typed, said
):
    names = {"ada": practice.doctors[0], "day": day, "check": practice.check}
    typed = {
        key.format(**names): value.format(**names) if isinstance(value, str) else value for key, value in typed.items()
    }
    before = rows(engine, practice.world.one)
    answer = olivia.post(address.format(**names), data=typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert rows(engine, practice.world.one) == before


def test_a_week_is_changed_from_a_day_on(olivia, engine, practice, day):
    week = {f"day{number}": "9:00-11:00, 11:30-12:00" for number in range(5)}
    answer = olivia.post("/planning/week", data={**week, "resource_id": practice.doctors[0], "since": day})
    assert answer.status_code == 303
    with unit_of_work(engine, practice.world.one) as session:
        told = [
            (it.days, it.starts, it.ends)
            for it in queries.rules(session, practice.store, practice.doctors[0], practice.on)
        ]
    assert told == [([0, 1, 2, 3, 4], 540, 660), ([0, 1, 2, 3, 4], 690, 720)]
    page = olivia.get(answer.headers["Location"]).text
    assert "11:30–12:00" in page
    assert 'class="bar-open"' in page


def test_the_hours_of_the_store_are_its_own(olivia, engine, practice, day):
    olivia.post("/planning/week", data={"day0": "8-20", "since": day, "resource_id": ""})
    with unit_of_work(engine, practice.world.one) as session:
        assert [it.starts for it in queries.rules(session, practice.store, None, practice.on)] == [480]
    assert "08:00–20:00" in olivia.get("/planning/hours").text


def test_a_rule_is_ended_and_opened_again(olivia, engine, practice, day):
    olivia.post(
        "/planning/windows",
        data={"effect": "blocked", "days": ["0", "2"], "starts": "12:00", "ends": "13:00", "since": day, "why": EVIL},
    )
    rule = all_of(engine, practice, Rule)[-1]
    assert (rule.effect, rule.days, rule.starts, rule.ends) == ("blocked", [0, 2], 720, 780)
    page = olivia.get("/planning/hours").text
    assert (EVIL in page, "Mon, Wed 12:00–13:00" in page) == (False, True)
    olivia.post(f"/planning/rules/{rule.id}/end", data={"last": now().date().isoformat()})
    assert all_of(engine, practice, Rule)[-1].until == now().date()
    olivia.post(f"/planning/rules/{rule.id}/reopen")
    assert all_of(engine, practice, Rule)[-1].until is None


def test_a_week_is_copied(olivia, engine, practice, day):
    ada, ben = practice.doctors
    olivia.post("/planning/week", data={"day1": "9-10", "resource_id": ada, "since": day})
    assert (
        olivia.post("/planning/copy", data={"resource_id": ada, "targets": [str(ben)], "since": day}).status_code == 303
    )
    with unit_of_work(engine, practice.world.one) as session:
        told = [
            [(it.days, it.starts) for it in queries.rules(session, practice.store, who, practice.on)]
            for who in (ada, ben)
        ]
    assert told == [[([1], 540)], [([1], 540)]]


def test_a_store_that_has_nothing_is_told_what_to_do_first(olivia, engine, practice):
    with olivia.session_transaction() as kept:
        kept["store_id"] = practice.world.hill.id
    page = olivia.get("/planning").text
    for words in (
        "The store has no opening hours.",
        "There is nobody and nothing to be booked.",
        "Nobody can be booked yet",
    ):
        assert words in page
    assert "Nothing can be booked online here." in olivia.get("/planning/missing").text


def test_the_list_of_what_is_missing_names_the_rule_that_takes_the_times(olivia, engine, practice):
    assert "Patients can book." in olivia.get("/planning/missing").text
    with unit_of_work(engine, practice.world.one) as session:
        between, by = (now(), now() + timedelta(days=40)), practice.world.olivia.id
        hours.block(session, practice.store, practice.lanes[0], between, "paint", by=by)
        hours.block(session, practice.store, practice.lanes[1], between, "paint", by=by)
        room = session.get_one(Resource, (practice.world.one, practice.refractor))
        room.skills = ["nothing"]
    page = olivia.get("/planning/missing").text
    assert "check: no time within two weeks." in page
    assert "blocked off (Lane 1)" in page
    assert "full: nobody here can do autorefractor." in page


def test_a_row_of_another_store_is_not_there(olivia, engine, practice):
    with olivia.session_transaction() as kept:
        kept["store_id"] = practice.world.hill.id
    rule = all_of(engine, practice, Rule)[0]
    before = rows(engine, practice.world.one)
    answers = [
        olivia.get(f"/planning/resources/{practice.doctors[0]}").status_code,
        olivia.post(f"/planning/resources/{practice.doctors[0]}", data=somebody()).status_code,
        olivia.post(f"/planning/rules/{rule.id}/end", data={"last": "2100-01-01"}).status_code,
        olivia.post("/planning/week", data={"resource_id": practice.doctors[0], "since": "2100-01-01"}).status_code,
    ]
    assert answers == [404] * 4
    assert rows(engine, practice.world.one) == before


def test_what_was_changed_is_told_with_who_and_how_it_was(olivia, engine, practice):
    olivia.post(f"/planning/resources/{practice.doctors[0]}", data=somebody(name=EVIL, between="15"))
    page = olivia.get("/planning/history").text
    for words in ("Olivia Berg", "Resource: changed", "<del>Dr Ada</del>", "<ins>15</ins>"):
        assert words in page
    assert EVIL not in page


def undone(olivia, engine, practice):
    last = all_of(engine, practice, Change)[-1]
    answer = olivia.post(f"/planning/history/{last.id}/undo", follow_redirects=True)
    return "It is as it was before." in answer.text, last.id


def test_what_was_changed_is_as_it_was_before(olivia, engine, practice):
    ada, check, name = practice.doctors[0], practice.check, f"offer_{practice.check}_online"
    day = practice.on.isoformat()
    deeds = {
        Resource: (f"/planning/resources/{ada}", somebody(name="Dr Ada Lu", active_until="2100-01-01")),
        Type: (f"/planning/types/{check}", KIND | {"seg0_need_lane": "1"}),
        Offered: ("/planning/offers", {f"{name}_new": "no", f"{name}_existing": "request"}),
        Quota: ("/planning/quotas", {"most": "2"}),
        Block: ("/planning/blocks", blocked(practice, day)),
        Dated: ("/planning/days", {"on": day}),
    }
    told = {}
    for kind, (address, typed) in deeds.items():
        before = [vars(one) | {"_sa_instance_state": None} for one in all_of(engine, practice, kind)]
        assert olivia.post(address, data=typed).status_code == 303
        told[kind.__name__] = undone(olivia, engine, practice)[0]
        after = [vars(one) | {"_sa_instance_state": None} for one in all_of(engine, practice, kind)]
        if kind is Block:
            assert [one["ended_at"] is not None for one in after] == [True]
        else:
            assert after == before
    assert told == dict.fromkeys(("Resource", "Type", "Offered", "Quota", "Block", "Dated"), True)
    with unit_of_work(engine, practice.world.one) as session:
        stretches = types.stretches_of(session, session.get_one(Type, (practice.world.one, check)))
    assert [(it.minutes, it.needs) for it in stretches] == [(20, (("doctor", 1, None), ("lane", 1, None)))]


def test_what_was_changed_again_since_is_not_taken_back(olivia, engine, practice):
    address = f"/planning/resources/{practice.doctors[0]}"
    olivia.post(address, data=somebody(name="Dr One"))
    first = all_of(engine, practice, Change)[-1].id
    olivia.post(address, data=somebody(name="Dr Two"))
    before = rows(engine, practice.world.one)
    answer = olivia.post(f"/planning/history/{first}/undo", follow_redirects=True)
    assert "It stands as it is" in answer.text
    assert rows(engine, practice.world.one) == before


@pytest.mark.parametrize("who", ["alice", "rosa"])
def test_whoever_may_only_look_sees_no_form(sign_in, world, practice, who):
    client = sign_in(getattr(world, who))
    for address in (
        "",
        "/hours",
        "/days",
        "/types",
        "/terms",
        "/missing",
        "/history",
        f"/resources/{practice.doctors[0]}",
    ):
        page = client.get(f"/planning{address}")
        main = page.text.partition("<main")[2].partition("</main>")[0]
        assert (page.status_code, 'method="post"' in main) == (200, False)


@pytest.mark.parametrize("address", ["", "/types", "/terms", "/days", "/history", "/hours"])
def test_three_rows_ask_no_more_than_one(app, engine, practice, sign_in, address):
    world, client, counted = practice.world, sign_in(practice.world.alice), []
    for number in range(3):
        with unit_of_work(engine, world.one) as session:
            resource = Resource(store_id=practice.store, kind="room", name=f"Room {number}", skills=["lane"])
            kind = Type(code=f"k{number}", names={"en": "K"}, shown=20, grid={"kind": "clock", "every": 20})
            session.add_all([resource, kind])
            session.flush()
            terms.add_quota(session, practice.store, {"type_id": kind.id, "per": "day", "most": 3}, by=world.olivia.id)
            between = (now(), now() + timedelta(hours=1))
            hours.block(session, practice.store, resource.id, between, "x", by=world.olivia.id)
        counted.append(queries_for(app, client, f"/planning{address}"))
    assert len(set(counted)) == 1


def test_whoever_plans_for_one_store_changes_nothing_of_the_whole_chain(sign_in, engine, practice, day):
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        session.add(Post(staff_id=world.dora.id, role="manager", store_id=practice.store))
        one = hours.set_day(session, None, None, practice.on, [], "closed", by=world.olivia.id, first=practice.on)
        [change] = session.scalars(select(Change.id)).all()
        number = one.id
    dora, before = sign_in(world.dora, store_id=practice.store), rows(engine, world.one)
    answers = [
        dora.get("/planning/types/new").status_code,
        dora.post("/planning/types", data=KIND).status_code,
        dora.post(f"/planning/types/{practice.check}", data=KIND).status_code,
        dora.post("/planning/days", data={"on": day, "resource_id": "chain"}).status_code,
        dora.post("/planning/policy", data={"hold_minutes": "9", "whose": "chain"}).status_code,
        dora.post(f"/planning/days/{number}/clear").status_code,
        dora.post(f"/planning/history/{change}/undo").status_code,
    ]
    assert answers == [403] * 7
    assert rows(engine, world.one) == before
    assert dora.post("/planning/policy", data={"hold_minutes": "9"}).status_code == 303
    assert 'name="name_en"' not in dora.get(f"/planning/types/{practice.check}").text


def test_an_instrument_of_the_fleet_says_how_it_is(olivia, engine, practice):
    address = f"/planning/resources/{practice.refractor}"
    rt = practice.world.pier.phoropter
    told = somebody(kind="device", name="RT", skills=["autorefractor"], instrument_id=str(rt))
    assert olivia.post(address, data=told).status_code == 303
    assert [it.instrument_id for it in all_of(engine, practice, Resource) if it.id == practice.refractor] == [rt]
    page = olivia.get(address).text
    assert ("RT-5100 (Lane 1)" in page, "Connected" in page) == (True, True)
