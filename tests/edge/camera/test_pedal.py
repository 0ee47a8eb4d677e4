import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera.foot import is_down
from edge.camera.pedal import DEBOUNCE_S, DOUBLE_S, LONG_S, Pedal, Press
from firmware_sim.usb.foot_switch import DOWN, UP

LATER = 5.0


def meant(*changes):
    """What a foot means that changes the contact at these times, down first."""
    pedal, said = Pedal(), []
    for number, at in enumerate(changes):
        said += pedal.feed(number % 2 == 0, at)
    return [str(press) for press in said + pedal.tick((changes[-1] if changes else 0) + LATER)]


@pytest.mark.edge(
    "EDGE-389", "A foot switch bounces without harm: one press, two presses and a long one are told apart."
)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((1.0, 1.15), ["single"]),
        ((1.0, 1.15, 1.35, 1.5), ["double"]),
        ((1.0, 1.70), ["long"]),
        ((1.0, 1.55), ["single"]),
        ((1.0, 1.15, 1.60, 1.75), ["single", "single"]),
        ((1.0, 1.01, 1.02, 1.15), ["single"]),  # bounces as it closes
        ((1.0, 1.15, 1.16, 1.17), ["single"]),  # bounces as it opens
        ((1.0, 1.02), []),  # a knock
        ((1.0, 1.1, 1.2, 1.3, 1.4, 1.5), ["double", "single"]),
        ((1.0, 1.1, 1.3, 2.2), ["long"]),  # the second press is held
        ((1.0, 1.9, 2.1, 2.2), ["long", "single"]),
        ((), []),
    ],
)
def test_what_a_foot_means(changes, expected):
    assert meant(*changes) == expected


def test_a_long_press_is_known_while_the_foot_is_down():
    pedal = Pedal()
    pedal.feed(True, 0.0)

    assert pedal.tick(LONG_S - 0.001) == []
    assert pedal.tick(LONG_S) == [Press.LONG]
    assert pedal.tick(LATER) == []


def test_a_single_press_waits_until_no_second_can_come():
    pedal = Pedal()
    pedal.feed(True, 0.0)
    pedal.feed(False, 0.1)

    assert pedal.tick(0.1 + DOUBLE_S - 0.001) == []
    assert pedal.tick(0.1 + DOUBLE_S) == [Press.SINGLE]
    assert pedal.due is None


@given(st.lists(st.floats(0.001, 1.5), max_size=30), st.booleans())
def test_asking_more_often_changes_nothing(gaps, ends_down):
    rare, often, at = Pedal(), Pedal(), 0.0
    said, same = [], []
    for number, gap in enumerate(gaps):
        while often.due is not None and often.due <= at + gap:
            same += often.tick(often.due)
        at += gap
        down = (number % 2 == 0) != ends_down
        said += rare.feed(down, at)
        same += often.feed(down, at)

    assert said + rare.tick(at + LATER) == same + often.tick(at + LATER)


@given(st.lists(st.floats(0.0001, DEBOUNCE_S / 40), max_size=30))
def test_a_bounce_shorter_than_the_debounce_is_nothing(gaps):
    pedal, at, said = Pedal(), 0.0, []
    for number, gap in enumerate(gaps):
        at += gap
        said += pedal.feed(number % 2 == 0, at)
    said += pedal.feed(False, at + 0.001) + pedal.tick(at + LATER)

    assert said == []


def test_reports_of_a_keyboard_say_whether_it_is_down():
    assert [is_down(DOWN), is_down(UP), is_down(b"\x01" + bytes(7)), is_down(b"\x00\xff" + bytes(6))] == [
        True,
        False,
        True,
        False,
    ]
