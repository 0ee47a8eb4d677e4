"""How a store is set up, its screens, and the times of a day."""

import re

from cloud.queue import queries, services
from cloud.queue.choices import Step as State
from cloud.queue.models import Kind
from tests.cloud.queue.store_here import inline, minutes_ago
from tests.cloud.test_views import rows


def test_the_usual_stations_are_set_up_once(engine, world, sign_in):
    olivia = sign_in(world.olivia)
    for _time in range(2):
        olivia.post("/stations/settings/furnish")
    page = olivia.get("/stations/settings").text
    assert [page.count(f'id="{one}"') for one in ("say-title", "kinds-title")] == [1, 1]
    assert len(re.findall(r'aria-labelledby="s-\d+"', page)) == 6


def test_what_may_be_said_is_the_stores_choice(store, olivia):
    olivia.post("/stations/settings/saying", data={"who": "masked", "languages": ["zh"]})
    with store.work() as session:
        said = queries.saying(session, store.world.pier.id)
        assert (said.who, said.languages) == ("masked", ["zh"])
    before = rows(store.engine, store.world.one)
    for wrong in (
        {"who": "everything", "languages": ["en"]},
        {"who": "number"},
        {"who": "number", "languages": ["xx"]},
    ):
        assert "Nothing was changed" in olivia.post("/stations/settings/saying", data=wrong, follow_redirects=True).text
    assert rows(store.engine, store.world.one) == before


def test_a_door_is_added_and_closed(store, olivia):
    doctor = store.stations["doctor"]
    olivia.post(
        f"/stations/settings/stations/{doctor}/desks", data={"name_en": "Room 7", "name_zh": "7号", "number": "7"}
    )
    with store.work() as session:
        desk = next(one for one in queries.desks(session, [doctor]) if one.number == 7)
        assert desk.names == {"en": "Room 7", "zh": "7号"}
    olivia.post(f"/stations/settings/desks/{desk.id}/close")
    with store.work() as session:
        assert 7 not in {one.number for one in queries.desks(session, [doctor])}


def test_fee_quota_and_days_without_a_fee_are_kept_or_refused_whole(store, olivia):
    good = {"fee": "25.50", "quota": "40", "free_days": "7", "kiosk": "yes"}
    olivia.post("/stations/settings/kinds/general", data=good)
    with store.work() as session:
        kind = queries.kind(session, store.world.pier.id, "general")
        assert (kind.fee, kind.quota, kind.free_days, kind.kiosk) == (2550, 40, 7, True)
    for wrong in ({"fee": "-1"}, {"fee": "much"}, {"quota": "-1"}, {"free_days": "400"}, {"quota": "1.5"}):
        page = olivia.post("/stations/settings/kinds/general", data=good | wrong, follow_redirects=True).text
        assert "Nothing was changed" in page
    with store.work() as session:
        assert session.get(Kind, (store.world.one, kind.id)).fee == 2550


def test_a_screens_address_is_shown_once_and_ends(store, olivia, sign_in):
    page = olivia.post("/stations/settings/screens", data={"name": "Hall"}).text
    [address] = re.findall(r'href="http://[^/]+(/screen/[^"]+)"', page)
    client = sign_in()
    assert address not in olivia.get("/stations/settings").text
    assert client.get(address).status_code == 200
    [ending] = re.findall(r'action="(/stations/settings/screens/\d+/end)"', olivia.get("/stations/settings").text)
    olivia.post(ending)
    assert client.get(address).status_code == 404


def test_only_who_plans_sets_up(store, alice, charlie):
    before = rows(store.engine, store.world.one)
    assert alice.get("/stations/settings").status_code == 403
    assert alice.post("/stations/settings/saying", data={"who": "surname", "languages": ["en"]}).status_code == 403
    assert (
        charlie.post(f"/stations/settings/stations/{store.stations['doctor']}/desks", data={"name_en": "x"}).status_code
        == 403
    )
    assert rows(store.engine, store.world.one) == before


def test_the_times_of_a_day_are_shown_and_taken_along(store, alice):
    with store.work() as session:
        came = minutes_ago(60)
        stay, step = store.come(session, at=came, patient_id=store.world.grace)
        one = inline(step, stay)
        services.turn(session, one, State.SERVING, by=store.world.rosa.id, at=minutes_ago(30))
        services.turn(session, one, State.DONE, by=store.world.rosa.id, at=minutes_ago(20))
        day, ticket = stay.day, stay.ticket
    page = alice.get(f"/stations/report?day={day}").text
    for words in ("Rosa Lind", "Grace Okafor", ticket, "30 min", "10 min", "1 person was here"):
        assert words in page
    file = alice.get(f"/stations/report.csv?day={day}").get_data(as_text=True).splitlines()
    assert file[1].split(",")[:3] == [ticket, "Reception", "done"]
    assert [round(int(value), -1) for value in file[1].split(",")[3:]] == [1800, 0, 600, 0]
    assert "Nobody was here" in alice.get("/stations/report?day=2020-01-01").text
