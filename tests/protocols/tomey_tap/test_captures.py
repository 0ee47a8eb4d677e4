"""The manual's example as its driver quotes it; the expected values were read from the text by hand.

It is not ours to publish, so it lies outside the repository; without it these tests are left out.
"""

from decimal import Decimal

from protocols.readings import Pd, Prism, PrismComponent, SubjectiveEye
from protocols.tomey_tap import decode
from tests.protocols.sheet.captures import capture
from tests.protocols.sheet.pieces import codes, read


def prism(horizontal, vertical, base):
    return Prism(
        horizontal=PrismComponent(power=Decimal(horizontal), base="out"),
        vertical=PrismComponent(power=Decimal(vertical), base=base),
    )


def eye(sphere, cylinder, axis, add, prism, va):
    return SubjectiveEye(
        sphere=Decimal(sphere), cylinder=Decimal(cylinder), axis=axis, add=Decimal(add), prism=prism, va=va
    )


def test_the_example_of_a_phoromat_2000():
    unaided, lens, guess, chosen, final, cornea, tests = read(decode(capture("rodenstock-phoromat2000-1.txt")))

    assert (unaided.left.va, unaided.both.va, unaided.right.va) == ("0.2", "0.4", "0.5")
    assert lens.left == eye("-0.25", "-0.25", 135, "1.50", prism("0.50", "0.50", "up"), "0.2")
    assert guess.left == eye("0.25", "-4.25", 45, "1.60", prism("1.00", "1.50", "up"), "0.2")
    assert guess.right == eye("0.25", "-4.25", 45, "1.70", prism("1.00", "1.50", "down"), "0.5")
    assert chosen.right == eye("0.50", "-0.25", 135, "1.40", prism("0.50", "0.50", "down"), "0.5")
    assert final.left == eye("-0.50", "-5.00", 30, "1.70", prism("0.50", "1.00", "down"), "0.2")
    assert final.right == eye("-0.50", "-5.00", 30, "1.50", prism("0.50", "1.00", "up"), "0.5")
    assert [one.stage for one in (unaided, lens, guess, chosen, final)] == [
        "unaided",
        "lensmeter",
        "autorefraction",
        "subjective",
        "final",
    ]
    assert final.pd == Pd(far_right=Decimal("32.0"), far_left=Decimal("32.0"))
    assert final.working_cm == 40
    assert (cornea.right.r2.radius_mm, cornea.left.r1.axis) == (Decimal("7.74"), 85)
    assert [(one.name, one.distance, one.direction) for one in tests.tests[6:]] == [
        ("vergence", "far", "in"),
        ("vergence", "near", "in"),
        ("vergence", "far", "out"),
        ("vergence", "near", "out"),
    ]
    assert tests.tests[-1].values == {"blur": Decimal("2.00"), "break": Decimal("4.10"), "recovery": Decimal("6.00")}
    assert final.measured_at == "2012-10-06T04:06:58"
    assert codes(final) == ["control_bytes_lost"]
