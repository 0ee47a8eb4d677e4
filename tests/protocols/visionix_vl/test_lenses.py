"""Key=value lenses, from the facts, and what can happen to them."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import LensmetryEye, Pd, Prism, PrismComponent
from protocols.visionix_vl import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, fed, wires

HEAD = b"LM2RK   No=00041   "
RIGHT = b"R: S=-01.25 C=-00.75 A=090 PX=-00.50 PY=+01.00 PD=00.0 ADD=+1.75 UR= 12   "
LEFT = b"L: S=+00.00 C=+00.00 A=000 PX=+00.00 PY=+00.00 PD=00.0 ADD=+0.00 UL=  0   "
PRINT_OUT = HEAD + RIGHT + LEFT + b"E$"


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    return event.readings[0]


def test_a_pair_of_lenses_is_read_with_the_prisms_own_sign():
    lenses = read(PRINT_OUT)

    assert lenses.right == LensmetryEye(
        sphere=Decimal("-1.25"),
        cylinder=Decimal("-0.75"),
        axis=90,
        add=Decimal("1.75"),
        prism=Prism(horizontal=PrismComponent(power=Decimal("-0.50")), vertical=PrismComponent(power=Decimal("1.00"))),
        uv_transmittance=Decimal(12),
    )
    assert (lenses.left.sphere, lenses.left.axis) == (Decimal("0.00"), 0)
    assert (lenses.print_number, lenses.patient_ref, lenses.pd) == ("00041", None, None)


def test_a_uv_of_zero_may_mean_none_and_has_no_key():
    lenses = read(PRINT_OUT)

    assert lenses.left.uv_transmittance is None
    assert lenses.extra == {"L UL": "0"}


def test_a_distance_of_a_lens_is_that_of_one_eye():
    assert read(PRINT_OUT.replace(b"PD=00.0", b"PD=31.5")).pd == Pd(far_right=Decimal("31.5"), far_left=Decimal("31.5"))


def test_a_distance_that_could_only_be_of_both_eyes_is_kept_apart():
    lenses = read(PRINT_OUT.replace(b"PD=00.0", b"PD=63.0"))

    assert lenses.pd is None
    assert lenses.extra["R PD"] == "63.0"


@pytest.mark.parametrize("end", [b"E$", b"E", b"E\r\n", b"E$\r\n"])
def test_the_last_sign_may_be_there_or_not(end):
    assert read(HEAD + RIGHT + LEFT + end).right.axis == 90


@pytest.mark.parametrize(("lens", "side"), [(RIGHT, "right"), (LEFT, "left")])
def test_one_lens_alone_is_read(lens, side):
    lenses = read(HEAD + lens + b"E$")

    assert getattr(lenses, side) is not None
    assert (lenses.right is None) != (lenses.left is None)


@pytest.mark.parametrize(
    ("bent", "key"), [(b"S=-1.", b"S=-01."), (b"A=190", b"A=090"), (b"S=--.--", b"S=-01.25"), (b"PX=x", b"PX=-00.50")]
)
def test_a_value_without_its_form_is_kept_and_told(bent, key):
    lenses = read(PRINT_OUT.replace(key, bent))

    assert any(note.code == "unreadable_field" for note in lenses.notes) == (bent != b"S=-1.")
    assert lenses.left.axis == 0


def test_a_key_nobody_has_described_is_kept():
    assert read(PRINT_OUT.replace(b"UR= 12", b"UR= 12 XX=7")).extra["R XX"] == "7"


@pytest.mark.parametrize("cut", range(len(HEAD) + 1, len(PRINT_OUT) - 1))
def test_a_print_out_that_broke_off_is_refused_wherever_it_did(cut):
    assert [type(event) for event in decode(PRINT_OUT[:cut])] == [Garbled]


def test_two_in_one_breath_are_two():
    assert len(decode(PRINT_OUT + PRINT_OUT)) == 2


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(size):
    noise, event = fed(Decoder(), b"zap\x07" + PRINT_OUT, size)

    assert (noise.raw, event.raw) == (b"zap\x07", PRINT_OUT)


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT))
@example(HEAD * 3)
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + PRINT_OUT)[-1].readings == decode(PRINT_OUT)[-1].readings


@pytest.mark.parametrize(
    ("data", "score"), [(PRINT_OUT, 90), (b"zap" + PRINT_OUT, 55), (PRINT_OUT[:-4], 15), (b"", 0), (b"R: S=1 L:", 0)]
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score
