"""One's own place on a phone, and the code in the message: what is said, and nothing of a person."""

from datetime import UTC, datetime, timedelta

import pytest

from cloud.arrival import places
from cloud.direct import linking
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from cloud.queue import calling, queries, services
from cloud.queue.models import Stay
from tests.cloud.test_views import rows

KEY = "a secret of the tests"


@pytest.fixture
def come(doors):
    """Grace is here with a ticket; the stay and the token of her place."""

    def came(code="general", **told):
        with doors.work() as session:
            kind = queries.kind(session, doors.world.pier.id, code)
            told = {"patient_id": doors.world.grace, "by": doors.world.rosa.id, **told}
            stay, _step, token = services.arrive(session, kind, **told)
            return stay.id, token

    return came


def line(session, doors, stay):
    one = queries.stay(session, stay, doors.world.pier.id)
    return queries.InLine(queries.steps_of(session, [stay])[stay][-1], one)


def test_the_place_says_what_comes_next_and_nothing_of_the_person(doors, come):
    come(patient_id=None)
    _stay, token = come()
    answer = doors.browser().read(f"/place/{token}")
    for words in ("A002", "Next: Reception", "1 before you", "I have to go", 'http-equiv="refresh"'):
        assert words in answer.text
    for words in ("Grace", "Okafor", "1980", "R-1"):
        assert words not in answer.text
    kept = {name: answer.headers[name] for name in ("X-Robots-Tag", "Cache-Control", "Referrer-Policy")}
    assert kept == {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def test_who_is_called_reads_where_to_go(doors, come):
    stay, token = come("green")
    with doors.work() as session:
        room = doors.store.room(session, 3)
        calling.this(session, line(session, doors, stay), room, by=doors.world.alice.id)
    assert "A001, go to" not in doors.browser().read(f"/place/{token}").text
    assert "E001, go to Room 3" in doors.browser().read(f"/place/{token}").text
    part = doors.browser().read(f"/place/{token}/part").text
    assert 'data-state="called"' in part
    assert "<html" not in part
    with doors.work() as session:
        calling.missed(session, line(session, doors, stay), by=doors.world.alice.id)
        services.turn(session, line(session, doors, stay), "called", by=doors.world.alice.id)
        services.turn(session, line(session, doors, stay), "in_room", by=doors.world.alice.id)
    assert "It is your turn: Room 3" in doors.browser().read(f"/place/{token}").text


def test_who_was_called_three_times_is_told_to_ask(doors, come):
    stay, token = come()
    with doors.work() as session:
        one = line(session, doors, stay)
        for _turn in range(3):
            calling.this(session, one, None, by=doors.world.rosa.id)
        calling.missed(session, one, by=doors.world.rosa.id)
    assert "did not come. Go to the desk" in doors.browser().read(f"/place/{token}").text


def test_who_has_to_go_is_asked_once_and_gives_the_place_up(doors, come):
    stay, token = come()
    one = doors.browser()
    one.read(f"/place/{token}/leave")
    answer = one.send(f"/place/{token}/leave")
    assert "This ticket is over" in answer.text
    assert "I have to go" not in answer.text
    [kept] = doors.stays()
    assert (kept.state, kept.through, kept.by) == ("left", "phone", None)
    with doors.work() as session:
        assert queries.steps_of(session, [stay])[stay][0].state == "left"
    moved_at = kept.moved_at
    one.send(f"/place/{token}/leave")
    assert doors.stays()[0].moved_at == moved_at


def test_a_place_is_not_given_up_without_its_form(doors, come):
    _stay, token = come()
    before = rows(doors.engine, doors.world.one)
    assert doors.app.test_client().post(f"/place/{token}/leave").status_code == 400
    assert rows(doors.engine, doors.world.one) == before


def test_a_ticket_of_yesterday_and_one_that_was_taken_back_say_so(doors, come):
    _stay, token = come(at=now() - timedelta(days=1))
    assert "This ticket is over" in doors.browser().read(f"/place/{token}").text
    stay, token = come()
    with doors.work() as session:
        one = queries.stay(session, stay, doors.world.pier.id)
        services.cancel(session, one, by=doors.world.rosa.id, why="Wrong person")
    answer = doors.browser().read(f"/place/{token}").text
    assert "was taken back" in answer
    assert "Wrong person" not in answer


def test_a_token_made_again_opens_the_same_place_and_no_other(doors, come):
    stay, token = come()
    with doors.work() as session:
        again = places.again(KEY, queries.stay(session, stay, doors.world.pier.id))
    assert again != token
    assert "A001" in doors.browser().read(f"/place/{again}").text
    tenant, _stay, seal = again.split(".")
    for wrong in (f"{tenant}.{stay + 1:x}.{seal}", f"{tenant}.{stay:x}.{'0' * 32}", "nonsense", digest(token)):
        answer = doors.browser().read(f"/place/{wrong}")
        assert (answer.status_code, "There is nothing at this address" in answer.text) == (404, True)
    gone = Stay(id=999_999, tenant_id=doors.world.one)
    assert doors.browser().read(f"/place/{places.again(KEY, gone)}").status_code == 404


def test_the_place_speaks_the_language_that_is_chosen(doors, come):
    _stay, token = come()
    page = doors.browser().read(f"/place/{token}?lang=zh").text
    assert 'lang="zh-Hans"' in page
    assert "前台" in page


def test_one_press_of_the_message_says_i_am_here_and_two_are_one(doors, printed):
    visit = doors.booked()
    token = doors.link(visit)
    one = doors.browser()
    assert "I am here" in one.read(f"/arrive/{token}").text
    answer = one.send(f"/arrive/{token}")
    assert answer.request.path.startswith("/place/")
    assert "V001" in answer.text
    [stay] = doors.stays()
    assert (stay.source, stay.through, stay.by, stay.visit_id) == ("code", "phone", None, visit)
    assert printed == []  # who has it on the phone needs no paper
    assert "You are here" in one.read(f"/arrive/{token}").text
    one.read(f"/place/{answer.request.path.rsplit('/', 1)[1]}/leave")
    assert doors.state(visit) == "arrived"
    assert len(doors.stays()) == 1


def test_pressed_twice_at_once_it_is_the_same_ticket(doors):
    token = doors.link(doors.booked())
    one = doors.browser()
    one.read(f"/arrive/{token}")
    stamped = one.page
    first = one.send(f"/arrive/{token}")
    one.page = stamped
    again = one.send(f"/arrive/{token}")
    assert first.request.path == again.request.path
    assert len(doors.stays()) == 1


def test_the_link_of_the_message_has_the_button_when_it_is_time(doors):
    token = doors.link(doors.booked())
    one = doors.browser()
    page = one.read(f"/b/{token}").text
    assert f'action="/arrive/{token}"' in page
    assert "V001" in one.send(f"/arrive/{token}").text
    other = doors.link(doors.booked(patient=doors.world.per, at=now() + timedelta(days=3)))
    page = one.read(f"/b/{other}").text
    assert "I am here" not in page
    assert f'href="/arrive/{other}"' in page


@pytest.mark.parametrize("minutes", [-61, 31, 3 * 24 * 60])
def test_at_another_time_it_says_when_it_works(doors, minutes):
    token = doors.link(doors.booked(at=now() + timedelta(minutes=minutes)))
    one = doors.browser()
    page = one.read(f"/arrive/{token}").text
    assert "Here you can say that you have arrived, from" in page
    assert ">I am here<" not in page
    other = doors.browser()
    other.read(f"/arrive/{doors.link(doors.booked(patient=doors.world.per))}")
    own = doors.link(doors.booked())
    one.read(f"/arrive/{own}")
    assert one.send(f"/arrive/{token}").status_code == 400  # the stamp of another link
    assert doors.stays() == []


def test_the_time_is_the_visits_own_day_by_the_stores_clock(doors):
    visit = doors.booked(at=datetime(2026, 12, 1, 0, 10, tzinfo=UTC))  # Lisbon is at UTC in winter
    with doors.work() as session:
        begins, ends = linking.near(session, linking.listing.one(session, visit))
    assert begins == datetime(2026, 12, 1, tzinfo=UTC)
    assert ends == datetime(2026, 12, 1, 1, 10, tzinfo=UTC)


def test_a_link_that_is_over_is_an_ordinary_404(doors):
    for method, status in (("get", 404), ("post", 404)):
        assert getattr(doors.app.test_client(), method)("/arrive/nonsense").status_code == status


def test_a_link_of_one_chain_says_nothing_in_another(doors, sign_in):
    token = doors.link(doors.booked())
    page = sign_in(doors.world.charlie).get(f"/arrive/{token}").text
    assert "Grace" not in page
    assert "Okafor" not in page
