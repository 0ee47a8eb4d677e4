"""Many screens at the same time: drawn once for those who show the same, never another's, and never what was before."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from cloud.calls import screens, sending, views
from cloud.kernel import live
from cloud.kernel.database import unit_of_work
from cloud.queue import queries, services, setting_up
from cloud.queue.choices import Step as State
from cloud.queue.models import Call, Desk

PATIENCE, EACH = 20, 8
BEAT = b"event: beat\ndata: {}\n\n"


@pytest.fixture
def token(store):
    with store.work() as session:
        return screens.open_(session, store.world.pier.id, "screen", "Hall", by=store.world.olivia.id)[1]


@pytest.fixture
def pool():
    with ThreadPoolExecutor(24) as pool:
        yield pool


@pytest.fixture
def drawings(monkeypatch):
    """How often something was drawn; a drawing takes long enough for others to ask meanwhile."""
    drawn, found = views._part, []

    def slowly(*told):
        found.append(told)
        sleep(0.05)
        return drawn(*told)

    monkeypatch.setattr(views, "_part", slowly)
    return found


def called(engine, tenant, place, door, by):
    """Somebody in a store is called to its door; the tokens of a screen of all stations and of the optical's."""
    with unit_of_work(engine, tenant) as session:
        of = {one.sort: one.id for one in services.furnish(session, place.id)}
        desk = Desk(station_id=of["doctor"], names={"en": door}, number=7)
        session.add(desk)
        session.flush()
        stay, _step, _token = services.arrive(session, queries.kind(session, place.id, "green"), by=by.id)
        [one] = [row for row in queries.open_steps(session, [of["doctor"]]) if row.stay.id == stay.id]
        sending.this(session, one, desk, by=by.id)
        shows = ((), (of["optical"],))
        return [screens.open_(session, place.id, "screen", "Hall", to, by=by.id)[1] for to in shows]


def call(store, **told):
    with store.work() as session:
        one = store.step(session, store.at_doctor(session, **told))
        made = sending.this(session, one, store.room(session, 3), by=store.world.alice.id)
        return one.stay.ticket, one.step.id, f"{made.uid}/{made.turn}"


def test_stores_and_chains_that_ask_at_once_are_each_shown_their_own(engine, world, sign_in, pool, drawings):
    doors = {"Pier door": (world.one, world.pier, world.olivia), "Hill door": (world.one, world.hill, world.bob)}
    doors["Mill door"] = (world.two, world.mill, world.charlie)
    tokens = {door: called(engine, tenant, place, door, by) for door, (tenant, place, by) in doors.items()}
    asks = [(door, n, token) for door, both in tokens.items() for n, token in enumerate(both)] * EACH
    parts = pool.map(lambda ask: sign_in().get(f"/screen/{ask[2]}/part").text, asks)
    for (door, n, _token), part in zip(asks, parts, strict=True):
        assert [one for one in doors if one in part] == ([] if n else [door])
    assert len(drawings) < len(asks)


def test_who_shows_the_same_is_drawn_once(store, token, sign_in, pool, drawings):
    with store.work() as session:
        more = [
            screens.open_(session, store.world.pier.id, "screen", f"Hall {n}", by=store.world.olivia.id)[1]
            for n in range(EACH)
        ]
    ticket, _step, _name = call(store)
    parts = list(pool.map(lambda one: sign_in().get(f"/screen/{one}/part").text, [token, *more]))
    assert {ticket in part for part in parts} == {True}
    assert len(drawings) < len(parts)


def test_a_call_is_seen_by_whoever_asks_after_it_though_a_drawing_was_under_way(
    store, token, sign_in, pool, monkeypatch
):
    rendered, read, may_end = views.render_template, Event(), Event()

    def held_up(*told, **more):
        read.set()
        may_end.wait(PATIENCE)
        return rendered(*told, **more)

    monkeypatch.setattr(views, "render_template", held_up)
    before = pool.submit(lambda: sign_in().get(f"/screen/{token}/part").text)
    assert read.wait(PATIENCE)
    ticket, _step, _name = call(store)
    after = [pool.submit(lambda: sign_in().get(f"/screen/{token}/part").text) for _ in range(EACH)]
    may_end.set()
    assert ticket not in before.result(PATIENCE)
    assert [ticket in one.result(PATIENCE) for one in after] == [True] * EACH


def test_every_change_is_seen_at_once(store, token, sign_in):
    browser = sign_in()
    for _time in range(3):
        ticket, step, _name = call(store)
        assert ticket in browser.get(f"/screen/{token}/part").text
        with store.work() as session:
            services.turn(session, store.step(session, step), State.LEFT, by=store.world.alice.id)
        assert 'class="call newest over"' in browser.get(f"/screen/{token}/part").text


def test_what_may_be_said_is_seen_at_once(store, token, sign_in):
    browser, pier, by = sign_in(), store.world.pier.id, store.world.olivia.id
    call(store)
    assert '<span lang="en">' in browser.get(f"/screen/{token}/part").text
    with store.work() as session:
        setting_up.say(session, pier, "surname", ["zh"], by=by)
    assert '<span lang="en">' not in browser.get(f"/screen/{token}/part").text
    call(store, patient_id=store.world.grace)
    assert "Okafor" in browser.get(f"/screen/{token}/part").text
    with store.work() as session:
        setting_up.say(session, pier, "number", ["en"], by=by)
        room = store.room(session, 3)
        room.names = {"en": "Room of light"}
    assert "Room of light" in browser.get(f"/screen/{token}/part").text


def test_a_reader_s_own_language_changes_nothing(store, token, sign_in):
    call(store)
    parts = [
        sign_in().get(f"/screen/{token}/part", headers={"Accept-Language": one}).text.partition("data-age")[0]
        for one in ("en", "zh", "de")
    ]
    assert len(set(parts)) == 1


def test_an_address_that_has_ended_shows_and_notes_nothing_though_it_was_just_read(store, token, sign_in):
    browser = sign_in()
    with store.work() as session:
        other = screens.open_(session, store.world.pier.id, "screen", "Other", by=store.world.olivia.id)[1]
    _ticket, step, name = call(store)
    for one in (token, other):
        assert browser.get(f"/screen/{one}/part").status_code == 200
    with store.work() as session:
        first = screens.of_store(session, store.world.pier.id)[0]
        screens.end(session, store.world.pier.id, first.id, by=store.world.olivia.id)
    assert {browser.get(f"/screen/{token}{way}").status_code for way in ("", "/part", "/live")} == {404}
    assert browser.post(f"/screen/{token}/shown", json=[name]).status_code == 404
    with store.work() as session:
        assert queries.last_call(session, step).shown_at is None
    assert browser.get(f"/screen/{other}/part").status_code == 200


def test_that_somebody_reads_a_screen_is_written_down_once_in_a_while(store, token, sign_in, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(views, "monotonic", lambda: clock[0])
    seen = list[bool]()
    for clock[0] in (1000.0, 1000.1, 1000.1 + views.SEEN_SECONDS):
        sign_in().get(f"/screen/{token}/part")
        with store.work() as session:
            [one] = screens.of_store(session, store.world.pier.id)
            seen.append(one.seen_at is not None)
            one.seen_at = None
    assert (seen[0], seen[2]) == (True, True)
    assert seen[1] is False


def test_of_many_who_have_drawn_a_call_the_first_counts_and_is_told_once(store, sign_in, pool, monkeypatch):
    told, announce = [], sending.announce
    monkeypatch.setattr(sending, "announce", lambda session, fact: (told.append(fact), announce(session, fact)))
    with store.work() as session:
        shows = [(), *((one,) for one in store.stations.values())]
        tokens = [
            screens.open_(session, store.world.pier.id, "screen", "Hall", to, by=store.world.olivia.id)[1]
            for to in shows
        ]
    _ticket, step, name = call(store)
    answers = pool.map(lambda one: sign_in().post(f"/screen/{one}/shown", json=[name]).status_code, tokens * 3)
    assert set(answers) == {204}
    assert [(one.topic, one.subject) for one in told] == [("queue.shown", str(step))]
    with store.work() as session:
        first = queries.last_call(session, step).shown_at
    sign_in().post(f"/screen/{tokens[0]}/shown", json=[name])
    with store.work() as session:
        assert session.get(Call, (store.world.one, queries.last_call(session, step).id)).shown_at == first


def test_that_another_screen_has_drawn_it_is_no_reason_to_draw_anew(store, token, sign_in, monkeypatch):
    """A word a call, not one more when it is known to be shown."""
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.5)
    stream = sign_in().get(f"/screen/{token}/live")
    words = stream.iter_encoded()
    _until_beat(words)
    _ticket, _step, name = call(store)
    assert b"data: queue" in next(one for one in words if one != BEAT)
    assert sign_in().post(f"/screen/{token}/shown", json=[name]).status_code == 204
    call(store)
    assert b"data: queue" in next(one for one in words if one != BEAT)
    assert _until_beat(words) == []
    stream.close()


def _until_beat(words):
    return [*iter(lambda: next(words), BEAT)]
