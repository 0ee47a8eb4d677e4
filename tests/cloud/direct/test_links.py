"""What a patient's link can do: what it says, once, and until it ends; nothing for anybody by reading it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cloud.booking import links, listing, requests, services, tasks, waiting
from cloud.booking.choices import Purpose
from cloud.booking.models import Change, Entry, Link, Offer, Visit
from cloud.booking.requests import Asked
from cloud.booking.waiting import Wanted
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.schedule.choices import Channel, Who
from cloud.schedule.models import Quota, Type
from tests.cloud.booking.practice_here import found
from tests.cloud.direct.way_here import patient

FIRST = "/b/"


@pytest.fixture
def practice(engine, world):
    return found(engine, world)


@pytest.fixture
def one(app, engine, practice):
    return patient(app, engine, practice.world.one)


def rows(engine, practice, kind, tenant=None):
    with unit_of_work(engine, tenant or practice.world.one) as session:
        return session.scalars(select(kind).order_by(kind.id)).all()


def booked(engine, practice, hour=9, who=None, days=1):
    """A visit and a link to it."""
    with unit_of_work(engine, practice.world.one) as session:
        ask, whose = practice.ask(channel=Channel.ONLINE), who or practice.world.grace
        visit = services.book(session, ask, practice.at(hour), whose, channel="online")
        until = visit.ends_at + timedelta(days=days)
        return visit.id, FIRST + links.make(session, Purpose.MANAGE, visit_id=visit.id, until=until)


def everything(engine, practice):
    """Rows that a deed would change."""
    kinds = (Visit, Link, Offer, Entry, Change)
    return [
        [(one.id, getattr(one, "state", None), getattr(one, "used_at", None)) for one in rows(engine, practice, kind)]
        for kind in kinds
    ]


def test_a_link_shows_when_and_where_and_nothing_of_anybodys_health(one, engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Type).values(names={"en": "Glaucoma follow-up", "zh": "青光眼复查"}))
    _visit, link = booked(engine, practice)
    one.read(link)
    assert (one.status, "09:00" in one.page, "Pier" in one.page) == (200, True, True)
    assert [word for word in ("Glaucoma", "Grace", "Okafor", "R-1") if word in one.page] == []


def test_reading_a_link_changes_nothing(one, engine, practice):
    _visit, link = booked(engine, practice)
    before = everything(engine, practice)
    for _time in range(2):
        for page in ("", "/move", "/cancel", "/visit.ics"):
            assert one.client.get(link + page).status_code == 200
    for page in ("/confirm", "/claim", "/choose", "/decline"):
        assert one.client.get(link + page).status_code == 405
    assert everything(engine, practice) == before


def test_somebody_says_that_they_will_come(one, engine, practice):
    visit, link = booked(engine, practice)
    one.read(link)
    one.send("confirm")
    assert (one.status, "You said that you will come" in one.page) == (200, True)
    assert [(one.id, one.state) for one in rows(engine, practice, Visit)] == [(visit, "confirmed")]


def test_saying_twice_that_one_will_come_changes_nothing(one, engine, practice):
    _visit, link = booked(engine, practice)
    one.read(link)
    form = next(form for form in one.forms() if form.action.endswith("confirm"))
    assert one.client.post(form.action, data=form.fields).status_code == 303
    before = everything(engine, practice)
    assert one.client.post(form.action, data=form.fields).status_code == 409
    assert everything(engine, practice) == before


def test_moving_is_a_swap_and_the_link_before_is_over(one, engine, practice):
    visit, link = booked(engine, practice)
    one.read(f"{link}/move?day={practice.on.isoformat()}")
    one.press("move", 2)
    assert (one.status, "Moved" in one.page, one.at == link) == (200, True, False)
    old, new = rows(engine, practice, Visit)
    assert (old.id, old.state, new.state, new.shown_at) == (visit, "moved", "booked", practice.at(9, 40))
    assert (new.patient_id, new.channel) == (practice.world.grace, "online")
    assert [entry.kind for entry in rows(engine, practice, Entry)] == ["moved"]
    one.read(link)
    assert (one.status, "This link is over" in one.page) == (410, True)


def test_a_move_that_is_refused_leaves_visit_and_link_as_they_were(one, engine, practice):
    visit, link = booked(engine, practice)
    one.read(f"{link}/move?day={practice.on.isoformat()}")
    form = one.forms()[0]
    with unit_of_work(engine, practice.world.one) as session:
        session.add(Quota(store_id=practice.store, per="day", most=0))
    before = everything(engine, practice)
    for at in (practice.at(9, 40).isoformat(), practice.at(3).isoformat(), "soon"):
        answer = one.client.post(form.action, data={**form.fields, "at": at})
        assert answer.status_code in (409, 422)
    assert everything(engine, practice) == before
    one.read(link)
    assert (one.status, "09:00" in one.page) == (200, True)
    assert visit == rows(engine, practice, Visit)[0].id


def test_cancelling_wants_a_reason_frees_the_time_and_ends_every_link(one, engine, practice):
    visit, link = booked(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        other = FIRST + links.make(session, Purpose.MANAGE, visit_id=visit, until=now() + timedelta(days=30))
    one.read(f"{link}/cancel")
    form = one.forms()[0]
    one.send("cancel")
    assert (one.status, rows(engine, practice, Visit)[0].state) == (422, "booked")
    one.send("cancel", why="ill")
    assert (one.status, "Your visit is cancelled" in one.page) == (200, True)
    [cancelled], [entry] = rows(engine, practice, Visit), rows(engine, practice, Entry)
    assert (cancelled.state, entry.kind, entry.answers) == ("cancelled", "cancelled", [["Why", "Somebody is ill"]])
    before = everything(engine, practice)
    assert one.client.post(form.action, data={**form.fields, "why": "ill"}).status_code == 410
    for old in (link, other):
        one.read(old)
        assert (one.status, "This link is over" in one.page) == (410, True)
    assert everything(engine, practice) == before


def test_within_the_cut_off_only_the_practice_can_change_it(one, engine, practice):
    _visit, link = booked(engine, practice)
    one.read(f"{link}/cancel")
    form = one.forms()[0]
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Type).values(cut_off=60 * 24 * 60))
    before = everything(engine, practice)
    one.read(link)
    assert ("It is too late to change it here" in one.page, f"{link}/move" in one.page) == (True, False)
    assert one.client.post(form.action, data={**form.fields, "why": "ill"}).status_code == 409
    assert one.client.get(f"{link}/move").status_code == 409
    assert everything(engine, practice) == before


def test_a_link_ends(one, engine, practice):
    _visit, link = booked(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Link).values(until=now() - timedelta(seconds=1)))
    one.read(link)
    assert one.status == 410


def test_links_that_are_over_unknown_or_used_are_answered_alike(one, engine, practice):
    _visit, used = booked(engine, practice)
    one.read(f"{used}/cancel")
    one.send("cancel", why="ill")
    told = set()
    for link in (used, "/b/nothing", f"/b/{'x' * 32}"):
        one.read(link)
        told.add((one.status, one.page.replace(link, "")))
    assert len(told) == 1


def test_a_form_of_another_link_does_nothing(one, engine, practice):
    _mine, link = booked(engine, practice)
    _theirs, other = booked(engine, practice, 10, practice.world.per)
    one.read(f"{other}/cancel")
    stamp = one.forms()[0].fields["stamp"][0]
    before = everything(engine, practice)
    for headers, sent in (({}, stamp), ({}, ""), ({"Sec-Fetch-Site": "cross-site"}, stamp)):
        answer = one.client.post(f"{link}/cancel", data={"why": "ill", "stamp": sent}, headers=headers)
        assert answer.status_code == 400
    assert everything(engine, practice) == before


def test_whoever_is_signed_in_can_do_no_more_with_a_link_than_anybody(engine, practice, sign_in):
    _visit, link = booked(engine, practice)
    world, before = practice.world, everything(engine, practice)
    said = {name: sign_in(getattr(world, name)).get(link).status_code for name in ("alice", "bob", "charlie", "dora")}
    assert said == dict.fromkeys(said, 200)
    assert everything(engine, practice) == before
    assert rows(engine, practice, Visit, world.two) == []


def offered(engine, practice, monkeypatch):
    """Grace waits for what Per gives up; the link she is sent."""
    visit, _link = booked(engine, practice, 9, practice.world.per)
    tokens = []
    make = links.make

    def noted(session, purpose, **told):
        token = make(session, purpose, **told)
        tokens.append((purpose, FIRST + token))
        return token

    monkeypatch.setattr(links, "make", noted)
    with unit_of_work(engine, practice.world.one) as session:
        session.add(Quota(store_id=practice.store, type_id=practice.check, per="day", most=1))
        wanted = Wanted(practice.check, frozenset({practice.store}), practice.on, practice.on)
        waiting.join(session, practice.world.grace, Who.EXISTING, wanted)
        given_up = listing.one(session, visit)
        services.turn(session, given_up, services.State.CANCELLED, by=None, through=services.By.PATIENT)
    while tasks.work(engine):
        pass
    return next(link for purpose, link in tokens if purpose == Purpose.OFFER)


def test_a_time_that_came_free_is_claimed_once(one, engine, practice, monkeypatch):
    link = offered(engine, practice, monkeypatch)
    one.read(link)
    assert (one.status, "A time came free" in one.page) == (200, True)
    form = next(form for form in one.forms() if form.action.endswith("claim"))
    one.send("claim")
    assert (one.status, "It is yours" in one.page) == (200, True)
    mine = [visit for visit in rows(engine, practice, Visit) if visit.patient_id == practice.world.grace]
    assert [visit.state for visit in mine] == ["booked"]
    before = everything(engine, practice)
    assert one.client.post(form.action, data=form.fields).status_code == 410
    one.read(link)
    assert (one.status, everything(engine, practice)) == (410, before)


def test_a_time_that_came_free_is_left_to_the_next(one, engine, practice, monkeypatch):
    link = offered(engine, practice, monkeypatch)
    one.read(link)
    one.send("decline")
    assert (one.status, "Left to the next" in one.page) == (200, True)
    [offer] = rows(engine, practice, Offer)
    assert offer.state == "declined"
    one.read(link)
    assert one.status == 410


def proposed(engine, practice):
    """Grace asked, and may choose from two times."""
    with unit_of_work(engine, practice.world.one) as session:
        asked = Asked(practice.store, practice.check, ((practice.on, 0, 720),), patient_id=practice.world.grace)
        request = requests.ask(session, asked)
        ask = practice.ask(channel=Channel.ONLINE)
        times = [practice.at(9), practice.at(10)]
        requests.propose(session, request, ask, times, by=practice.world.alice.id)
        return FIRST + requests.link(session, request)


def test_one_of_the_proposed_times_is_chosen_once(one, engine, practice):
    link = proposed(engine, practice)
    one.read(link)
    assert one.page.count("btn-wide") == 2
    form = next(form for form in one.forms() if form.action.endswith("choose"))
    one.press("choose", 1)
    assert (one.status, "It is yours" in one.page) == (200, True)
    [visit] = rows(engine, practice, Visit)
    assert (visit.shown_at, visit.patient_id) == (practice.at(10), practice.world.grace)
    name, value = form.buttons[0]
    assert one.client.post(form.action, data={**form.fields, name: value}).status_code == 410
    assert len(rows(engine, practice, Visit)) == 1


def test_a_request_is_taken_back(one, engine, practice):
    link = proposed(engine, practice)
    one.read(link)
    one.send("decline")
    assert (one.status, "taken back" in one.page) == (200, True)
    assert {offer.state for offer in rows(engine, practice, Offer)} == {"over"}
    one.read(link)
    assert one.status == 410


def test_a_link_for_one_thing_does_no_other(one, engine, practice):
    visit, link = booked(engine, practice, 11)
    choices = proposed(engine, practice)
    one.read(link)
    stamps = {link: one.forms()[0].fields["stamp"][0]}
    one.read(choices)
    stamps[choices] = one.forms()[0].fields["stamp"][0]
    before = everything(engine, practice)
    for of, deeds in ((link, ("claim", "choose", "decline")), (choices, ("confirm", "claim", "cancel", "move"))):
        for deed in deeds:
            sent = {"stamp": stamps[of], "why": "ill", "at": practice.at(10).isoformat(), "offer": "1"}
            assert one.client.post(f"{of}/{deed}", data=sent).status_code == 410
    assert everything(engine, practice) == before
    assert visit


def test_a_link_speaks_the_language_of_its_person(one, engine, practice):
    from cloud.people import queries
    from cloud.people import services as people

    with unit_of_work(engine, practice.world.one) as session:
        record = queries.patient(session, practice.world.grace)
        people.edit(session, practice.world.grace, {"language": "zh"}, opened=record.version, by=None)
    _visit, link = booked(engine, practice)
    one.read(link)
    assert '<html lang="zh-Hans"' in one.page
    one.read(f"{link}?lang=en")
    assert '<html lang="en"' in one.page
