"""The kiosk: with an appointment and without, in two languages, and nothing that tells who is a patient."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from cloud.arrival import kiosks
from cloud.direct.models import Try
from cloud.queue.models import Screen
from tests.cloud.arrival.door_here import BORN
from tests.cloud.test_views import rows

GRACE = {"day": "4", "month": "5", "year": "1980", "who": "Oka"}
DESK = "See the desk"


def at(doors, tail=""):
    return f"/kiosk/{doors.kiosk}{tail}"


def check_in(doors, **told):
    one = doors.browser()
    one.read(at(doors, "/visit"))
    return one.send(at(doors, "/visit"), **{**GRACE, **told})


@pytest.mark.parametrize("who", ["Oka", "okafor", "1234", " 1234 ", "OKAFOR"])
def test_a_birth_date_and_one_thing_more_give_the_ticket(doors, printed, who):
    visit = doors.booked()
    answer = check_in(doors, who=who)
    [stay] = doors.stays()
    assert (stay.ticket, stay.visit_id, stay.source, stay.through, stay.by) == ("V001", visit, "kiosk", "kiosk", None)
    assert answer.request.path.startswith(at(doors, "/ticket/"))
    for words in ("V001", "Reception", "You are next", "<svg", "G…"):
        assert words in answer.text
    assert "Grace" not in answer.text
    assert "Okafor" not in answer.text
    assert doors.state(visit) == "arrived"
    assert [(told[0], told[2]) for told in printed] == [("V001", "en")]


def test_the_code_of_the_message_is_enough_beside_the_birth_date(doors):
    token = doors.link(doors.booked())
    for code in (f"https://example.test/arrive/{token}", f"https://example.test/b/{token}?lang=zh", token):
        assert "V001" in check_in(doors, code=code, who="").text
    assert len(doors.stays()) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"who": "Lind"},
        {"who": "0000"},
        {"who": "234"},
        {"who": "%"},
        {"year": "1981"},
        {"code": "https://example.test/arrive/nonsense", "who": "Oka"},
        {"code": "nonsense", "who": ""},
    ],
)
def test_whoever_does_not_fit_is_sent_to_the_desk_and_told_nothing(doors, told):
    doors.booked()
    nobody = check_in(doors, who="Nobody", year="1999").text
    answer = check_in(doors, **told)
    assert DESK in answer.text
    assert answer.status_code == 200
    assert answer.text == nobody  # the same page to the letter
    assert doors.stays() == []


def test_two_who_fit_alike_are_both_sent_to_the_desk(doors):
    doors.person(doors.world.per, birth_date=BORN, family_name="Okapi")
    doors.booked()
    doors.booked(patient=doors.world.per)
    assert DESK in check_in(doors, who="Oka").text
    assert "V001" in check_in(doors, who="Okap").text


def test_the_code_of_somebody_else_or_of_another_store_or_chain_opens_nothing(doors):
    doors.booked()
    per = doors.link(doors.booked(patient=doors.world.per))
    hill = doors.link(doors.booked(store=doors.world.hill.id))
    for token in (per, hill):
        assert DESK in check_in(doors, code=token, who="").text
    assert doors.stays() == []


def test_who_comes_again_gets_the_same_ticket(doors):
    doors.booked()
    check_in(doors)
    assert "V001" in check_in(doors).text
    assert len(doors.stays()) == 1


def test_what_is_missing_is_said_and_what_was_entered_stays(doors):
    one = doors.browser()
    one.read(at(doors, "/visit"))
    answer = one.send(at(doors, "/visit"), **{**GRACE, "year": "19"})
    assert (answer.status_code, "Enter the day" in answer.text) == (422, True)  # the year nineteen was long ago
    answer = one.send(at(doors, "/visit"), **{**GRACE, "month": "13"})
    assert (answer.status_code, "Enter the day" in answer.text, 'value="Oka"' in answer.text) == (422, True, True)
    answer = one.send(at(doors, "/visit"), **{**GRACE, "who": ""})
    assert (answer.status_code, "Scan the code" in answer.text) == (422, True)


def test_two_kiosks_at_once_give_one_ticket(doors):
    visit = doors.booked()
    with doors.work() as session:
        _screen, other = kiosks.open_(session, doors.world.pier.id, "Back", doors.world.olivia.id)
    ready, addresses = Barrier(2), [at(doors, "/visit"), f"/kiosk/{other}/visit"]

    def press(address):
        one = doors.browser()
        one.read(address)
        ready.wait()
        return one.send(address, **GRACE).text

    with ThreadPoolExecutor(2) as both:
        pages = list(both.map(press, addresses))
    assert ["V001" in page for page in pages] == [True, True]
    assert [(stay.ticket, stay.visit_id) for stay in doors.stays()] == [("V001", visit)]


def test_tries_are_counted_in_the_database_a_kiosk_for_itself(doors):
    doors.booked()
    for _n in range(20):
        check_in(doors, who="Nobody")
    answer = check_in(doors)
    assert (answer.status_code, DESK in answer.text) == (429, True)
    assert doors.stays() == []
    with doors.work() as session:
        assert len(session.scalars(select(Try)).all()) == 20
        _screen, other = kiosks.open_(session, doors.world.pier.id, "Back", doors.world.olivia.id)
    one = doors.browser()
    one.read(f"/kiosk/{other}/visit")
    assert "V001" in one.send(f"/kiosk/{other}/visit", **GRACE).text


def test_without_an_appointment_one_takes_a_ticket_without_a_name(doors, printed):
    doors.kind("general", kiosk=False)
    one = doors.browser()
    assert "Go to the desk" in one.read(at(doors, "/walk-in")).text
    doors.kind("general", kiosk=True)
    assert "Follow-up" not in one.read(at(doors, "/walk-in")).text
    answer = one.send(at(doors, "/walk-in"), kind="general")
    [stay] = doors.stays()
    assert (stay.ticket, stay.patient_id, stay.source) == ("A001", None, "kiosk")
    assert "A001" in answer.text
    assert [told[0] for told in printed] == ["A001"]
    one.read(at(doors, "/walk-in"))
    assert DESK in one.send(at(doors, "/walk-in"), kind="green").text
    assert len(doors.stays()) == 1


def test_a_full_quota_sends_to_the_desk(doors):
    doors.kind("general", kiosk=True, quota=0)
    one = doors.browser()
    one.read(at(doors, "/walk-in"))
    assert DESK in one.send(at(doors, "/walk-in"), kind="general").text


def test_how_many_are_before_is_said(doors):
    doors.kind("general", kiosk=True)
    pages = []
    for _n in range(3):
        one = doors.browser()
        one.read(at(doors, "/walk-in"))
        pages.append(one.send(at(doors, "/walk-in"), kind="general").text)
    assert [("You are next" in page, "1 before you" in page, "2 before you" in page) for page in pages] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_a_form_without_its_stamp_does_nothing(doors):
    doors.booked()
    doors.kind("general", kiosk=True)
    before = rows(doors.engine, doors.world.one)
    client = doors.app.test_client()
    for tail, told in (("/visit", GRACE), ("/walk-in", {"kind": "general"})):
        for stamp in ("", "0.0", "nonsense"):
            answer = client.post(at(doors, tail), data={**told, "stamp": stamp})
            assert (answer.status_code, "open for too long" in answer.text) == (400, True)
    foreign = client.post(at(doors, "/visit"), data=GRACE, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 400
    assert rows(doors.engine, doors.world.one) == before


def test_a_kiosk_speaks_the_chains_language_until_another_is_chosen(doors):
    one = doors.browser()
    assert 'lang="en"' in one.read(at(doors)).text
    page = one.read(at(doors, "?lang=zh")).text
    assert 'lang="zh-Hans"' in page
    assert "/visit?lang=zh" in page
    assert 'lang="en"' in one.read(at(doors)).text


def test_a_kiosk_that_is_not_there_is_an_ordinary_404(doors):
    one = doors.browser()
    with doors.work() as session:
        session.add(
            Screen(store_id=doors.world.pier.id, sort="screen", name="Wall", digest="x", by=doors.world.rosa.id)
        )
    for tail in ("", "/visit", "/walk-in", "/ticket/x"):
        answer = one.read(f"/kiosk/nonsense{tail}")
        assert (answer.status_code, "There is nothing at this address" in answer.text) == (404, True)
    assert one.read(at(doors, "/ticket/nonsense")).status_code == 404


def test_a_kiosk_that_was_used_is_known_to_be_alive(doors):
    check_in(doors)
    with doors.work() as session:
        assert session.scalars(select(Screen.seen_at)).one() is not None


def test_a_store_without_the_kind_for_appointments_sends_to_the_desk(doors):
    doors.booked()
    doors.kind("appointment", closed=True)
    assert DESK in check_in(doors).text
