"""A doctor presses "call next": it is printed, shown and spoken at the store, and the doctor's page says so."""

import re

import pytest

from deploy.morning.judge import callers
from deploy.morning.people import DOCTOR
from deploy.morning.play import Wanted
from tests.journeys.desk import until
from tests.journeys.hall import comes, open_hall

FATES = re.compile(r'<ul class="fates".*?</ul>', re.DOTALL)
TAGS = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


@pytest.fixture(scope="module")
def hall():
    with open_hall(Wanted()) as morning:
        morning.wall.start()
        yield morning
        morning.wall.over.set()


@pytest.fixture(scope="module")
def doctor(hall):
    return hall.sign_in("door-1")


@pytest.fixture
def emptied(hall, doctor):
    """Nobody is left in the doctor's line or before the door."""
    yield
    hall.devices.printer.trouble = ""
    for one in line(hall, doctor):
        doctor.json(f"/api/v1/steps/{one['id']}/left", {})


def line(hall, doctor):
    stations = doctor.json("/api/v1/stations")["stations"]
    return next(one["line"] for one in stations if one["sort"] == DOCTOR)


def press_next(hall, doctor, door=1):
    desk = dict(hall.founded.doors[DOCTOR])[door]
    doctor.form(f"/stations/{hall.founded.stations[DOCTOR]}/next", desk=desk)


def page(hall, doctor):
    """What the doctor's page says of callers, as words."""
    part = doctor.page(f"/stations/{hall.founded.stations[DOCTOR]}/part")
    return " ".join(" ".join(TAGS.sub(" ", one) for one in FATES.findall(part)).split())


def on_paper(hall):
    return callers.of_slips(callers.papers(hall.devices)[1])


def on_display(hall):
    return list(callers.of_display(bytes(hall.devices.display.heard)))


def test_a_call_is_printed_shown_and_spoken_and_the_page_names_each_caller(hall, doctor, emptied):
    ticket = comes(hall)
    press_next(hall, doctor)

    until(lambda: (ticket, 1) in on_paper(hall))
    until(lambda: on_display(hall)[-1:] == [(ticket, 1)])
    until(lambda: (ticket, 1) in callers.of_voice(hall.devices.heard()))
    until(lambda: (ticket, 1) in callers.of_screen(hall.devices.drawn))
    until(lambda: (ticket, 1) in callers.of_screen(hall.wall.drawn))
    until(lambda: all(f"{name} {word}" in page(hall, doctor) for name, word in SAID))
    assert (on_paper(hall).count((ticket, 1)), on_display(hall).count((ticket, 1))) == (1, 1)
    assert list(callers.of_voice(hall.devices.heard())).count((ticket, 1)) == 1


SAID = (("desk", "printed"), ("till", "shown"), ("hall", "spoken"), ("tv", "shown"))


def test_a_printer_out_of_paper_is_on_the_doctors_page_in_words_and_the_others_call(hall, doctor, emptied):
    before = len(on_paper(hall))
    hall.devices.printer.trouble = "no paper"
    ticket = comes(hall)
    press_next(hall, doctor)

    until(lambda: "desk failed The printer desk is out of paper. Put a roll in" in page(hall, doctor))
    until(lambda: all(f"{name} {word}" in page(hall, doctor) for name, word in SAID[1:]))
    assert on_display(hall)[-1] == (ticket, 1)
    assert len(on_paper(hall)) == before


@pytest.mark.parametrize(("key", "door"), [(0x31, 1), (0x33, 3)])
def test_a_call_button_calls_the_next_person_to_its_door(hall, doctor, emptied, key, door):
    ticket = comes(hall)
    hall.devices.press(key)

    until(lambda: (ticket, door) in on_display(hall))
    assert [(one["ticket"], one["state"]) for one in line(hall, doctor)] == [(ticket, "called")]
    until(lambda: (ticket, door) in on_paper(hall))


def test_calling_the_same_person_again_is_heard_again(hall, doctor, emptied):
    ticket = comes(hall)
    press_next(hall, doctor)
    until(lambda: on_display(hall).count((ticket, 1)) == 1)

    doctor.json(f"/api/v1/steps/{line(hall, doctor)[0]['id']}/called", {})
    until(lambda: on_display(hall).count((ticket, 1)) == 2)
    until(lambda: on_paper(hall).count((ticket, 1)) == 2)
    assert [(one["ticket"], one["turn"]) for one in line(hall, doctor)] == [(ticket, 2)]


def test_somebody_who_was_put_back_in_line_and_is_called_anew_is_heard_anew(hall, doctor, emptied):
    ticket = comes(hall)
    press_next(hall, doctor)
    until(lambda: on_display(hall).count((ticket, 1)) == 1)

    doctor.json(f"/api/v1/steps/{line(hall, doctor)[0]['id']}/waiting", {})
    press_next(hall, doctor)
    until(lambda: on_display(hall).count((ticket, 1)) == 2, 10)
    assert [(one["ticket"], one["turn"]) for one in line(hall, doctor)] == [(ticket, 1)]
