import pytest

from edge.camera.choice import EYE_S, Choice
from edge.refusals import OrderRefused


@pytest.fixture
def choice():
    clock = [0.0]
    made = Choice(now=lambda: clock[0])
    made.clock = clock
    return made


def test_no_eye_until_somebody_chooses(choice):
    with pytest.raises(OrderRefused, match="no eye"):
        choice.of_a_picture()

    choice.choose(eye="left")

    assert choice.of_a_picture() == "left"


def test_two_presses_change_the_eye(choice):
    seen = []
    for _ in range(3):
        choice.toggle()
        seen.append(choice.eye)

    assert seen == ["right", "left", "right"]


@pytest.mark.edge(
    "EDGE-390", "The eye chosen at a slit lamp is forgotten after ten minutes: no picture gets the last patient's."
)
def test_an_eye_is_forgotten_when_nobody_works(choice):
    choice.choose(eye="left")
    choice.clock[0] = EYE_S - 1
    choice.of_a_picture()
    choice.clock[0] = 2 * EYE_S - 2
    still = choice.eye
    choice.clock[0] += 2

    assert (still, choice.eye) == ("left", None)


def test_what_is_no_choice_changes_nothing(choice):
    choice.choose(eye="right", magnification="16x")

    with pytest.raises(OrderRefused):
        choice.choose(eye="left", magnification="17x")

    assert (choice.eye, choice.magnification) == ("right", "16x")


def test_a_choice_can_be_taken_back(choice):
    choice.choose(eye="right", illumination="slit")
    choice.choose(illumination="")
    choice.forget()

    assert (choice.eye, choice.illumination) == (None, None)
