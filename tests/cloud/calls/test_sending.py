"""A call on its way: what leaves the cloud, what comes back, and what a doctor is told of it."""

import msgspec
import pytest

from cloud.calls import naming, sending
from cloud.calls.choices import Fate
from cloud.fleet import commands
from cloud.fleet import services as fleet
from cloud.fleet.models import Gateway, Instrument, Order
from cloud.queue import queries, setting_up
from protocols.envelope import CommandState
from protocols.envelope.calls import Called, Printed


def called(store, session, **told):
    number = store.at_doctor(session, **told)
    one = store.step(session, number)
    room = store.room(session, 3)
    return sending.this(session, one, room, by=store.world.alice.id)


def answer(session, call, state, **more):
    order = commands.by_id(session, call.orders[0])
    told = CommandState(v=1, id=order.command_id, state=state, at="2026-11-23T10:00:00Z", **more)
    fleet._note_answer(session, order.gateway_id, order.command_id, told)


@pytest.mark.parametrize(
    ("who", "family", "given", "said"),
    [
        ("number", "Okafor", "Grace", ""),
        ("surname", "Okafor", "Grace", "Okafor"),
        ("masked", "Okafor", "Grace", "O."),
        ("masked", "张", "三丰", "张**"),
        ("masked", "王", "", "王*"),
        ("masked", "", "", ""),
    ],
)
def test_what_is_said_of_a_person_is_the_stores_choice(who, family, given, said):
    assert naming.spoken(who, family, given) == said


def test_an_order_holds_the_number_the_door_and_nothing_else_of_a_person(store, callers):
    with store.work() as session:
        call = called(store, session, patient_id=store.world.grace)
        order = commands.by_id(session, call.orders[0])
        told = msgspec.json.decode(order.args, type=Called)
        assert (order.verb, order.gateway_id, order.asked_by) == ("call_patient", callers, store.world.alice.id)
        assert (told.call, told.place, told.room, told.turn) == (str(call.uid), {"en": "Room 3"}, 3, 1)
        assert ("Okafor" in order.args, "Grace" in order.args, told.who) == (False, False, "")


def test_a_masked_name_travels_where_the_store_says_so(store, callers):
    with store.work() as session:
        setting_up.say(session, store.world.pier.id, "masked", ["zh"], by=store.world.olivia.id)
        call = called(store, session, patient_id=store.world.grace)
        told = msgspec.json.decode(commands.by_id(session, call.orders[0]).args, type=Called)
        assert (told.who, told.languages, call.who) == ("O.", ["zh"], "O.")


def test_the_next_call_does_not_wait_for_the_one_before(store, callers):
    with store.work() as session:
        first, second = called(store, session), called(store, session)
        assert len({*first.orders, *second.orders}) == 2


def test_a_store_without_callers_is_called_in_on_the_cloud_alone(store):
    with store.work() as session:
        call = called(store, session)
        assert (call.orders, sending.fates(session, call)) == ([], [])


def test_a_gateway_without_callers_is_asked_nothing(store, callers):
    with store.work() as session:
        session.query(Instrument).where(Instrument.gateway_id == callers).update({"state": "gone"})
        call = called(store, session)
        assert (call.orders, sending.fates(session, call)) == ([], [])


def test_of_a_gateway_that_is_away_the_doctor_is_told(store, callers):
    with store.work() as session:
        session.get(Gateway, (store.world.one, callers)).state = "offline"
        call = called(store, session)
        assert call.orders == []
        assert [one.fate for one in sending.fates(session, call)] == [Fate.FAILED]


def test_answers_come_in_one_by_one_while_the_order_runs(store, callers):
    with store.work() as session:
        call = called(store, session)
        assert [one.fate for one in sending.fates(session, call)] == [Fate.WAITING]
        hall, voice = (
            {"state": "shown", "at": "2026-11-23T10:00:01Z"},
            {"state": "waiting", "at": "2026-11-23T10:00:01Z"},
        )
        answer(session, call, "running", result={"callers": {"hall": hall, "voice": voice}})
        assert {one.caller: one.fate for one in sending.fates(session, call)} == {
            "hall": Fate.SHOWN,
            "voice": Fate.WAITING,
        }
        spoken = voice | {"state": "spoken"}
        answer(session, call, "done", result={"callers": {"hall": hall, "voice": spoken}})
        assert {one.caller: one.fate for one in sending.fates(session, call)} == {
            "hall": Fate.SHOWN,
            "voice": Fate.SPOKEN,
        }


def test_what_failed_says_why(store, callers):
    with store.work() as session:
        call = called(store, session)
        away = {"state": "failed", "at": "2026-11-23T10:00:01Z", "why": "The printer is out of paper."}
        answer(session, call, "done", result={"callers": {"desk": away}})
        [told] = sending.fates(session, call)
        assert (told.caller, told.fate, told.why) == ("desk", Fate.FAILED, "The printer is out of paper.")
        other = called(store, session)
        answer(session, other, "refused", why="nothing here calls patients")
        assert [(one.fate, one.why) for one in sending.fates(session, other)] == [
            (Fate.FAILED, "nothing here calls patients")
        ]


def test_a_ticket_goes_to_a_store_with_a_printer(store, callers):
    with store.work() as session:
        stay, _step = store.come(session)
        told = {"link": "https://x/place/t", "lines": ["Doctor", "2 before you"], "heading": "Pier"}
        [number] = sending.ticket(session, stay, by=None, **told)
        order = session.get(Order, (store.world.one, number))
        printed = msgspec.json.decode(order.args, type=Printed)
        assert (order.verb, order.asked_by, printed.ticket, printed.link) == (
            "print_ticket",
            None,
            stay.ticket,
            "https://x/place/t",
        )


def test_the_first_screen_that_has_drawn_it_counts(store):
    with store.work() as session:
        call = called(store, session)
        sending.drawn(session, call)
        first = call.shown_at
        sending.drawn(session, call)
        assert call.shown_at == first
        assert [one.fate for one in sending.fates(session, call)] == [Fate.SHOWN]
        assert queries.last_call(session, call.step_id).id == call.id
