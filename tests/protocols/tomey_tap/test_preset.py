"""What is sent into a phoropter, byte for byte."""

from decimal import Decimal

import pytest

from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    Instrument,
    Integrity,
    Keratometry,
    Lensmetry,
    LensmetryEye,
    Pd,
    Power,
    Prism,
    PrismComponent,
    RefractionReading,
    SubjectiveEye,
    SubjectiveRefraction,
)
from protocols.tomey_tap import Unsendable, preset

COMMON = {
    "instrument": Instrument(maker="m", model="n", dialect="d"),
    "integrity": Integrity(checksum="none", raw_sha256="0" * 64),
}


def sca(sphere, cylinder, axis):
    return {"sphere": Decimal(sphere), "cylinder": Decimal(cylinder), "axis": axis}


def component(power, base=None):
    return PrismComponent(power=Decimal(power), base=base)


LENSES = Lensmetry(
    **COMMON,
    pd=Pd(far=Decimal("63.5"), far_right=Decimal("32.0"), far_left=Decimal("31.5")),
    right=LensmetryEye(**sca("1.25", "-0.75", 175), add=Decimal("1.50")),
    left=LensmetryEye(
        **sca("-10.50", "-5.00", 30),
        add=Decimal("1.75"),
        prism=Prism(horizontal=component("0.50", "out"), vertical=component("1.00", "down")),
    ),
)
EYES = Autorefraction(**COMMON, right=AutorefractionEye(**sca("0.00", "-0.50", 5)), condition="day")


def sent(*readings, **options):
    return preset(readings, **options).message


def test_lenses_and_eyes_go_left_first():
    assert sent(EYES, LENSES).decode() == (
        "\x01*PC_SND_S\x04\r\n"
        "\x02*Phoromat 2000|000000001|0\x17\r\n"
        "\x02*PD|31.5|32.0|\x17\r\n"
        "\x02*LM\x17\r\n"
        "\x02*SP|-10.50| 1.25|\x17\r\n"
        "\x02*CY| -5.00| -0.75|\x17\r\n"
        "\x02*AX| 30|175|\x17\r\n"
        "\x02*AD| 1.75| 1.50|\x17\r\n"
        "\x02*PH|O| 0.50|||\x17\r\n"
        "\x02*PV|D| 1.00|||\x17\r\n"
        "\x02*AR\x17\r\n"
        "\x02*SP|| 0.00|\x17\r\n"
        "\x02*CY|| -0.50|\x17\r\n"
        "\x02*AX||  5|\x17\r\n"
        "\x01*PC_SND_E\x04\r\n"
    )
    assert preset([EYES, LENSES]).sent == ("lensmeter", "autorefraction")


def test_the_phoropter_is_addressed_by_its_name():
    assert b"\x02*TAP-2000|000000001|0\x17" in sent(EYES, model="TAP-2000")


def test_what_a_phoropter_passed_on_can_be_sent_again():
    passed = SubjectiveRefraction(
        **COMMON, stage="autorefraction", distance="far", left=SubjectiveEye(**sca("-1.00", "0.00", 0))
    )

    assert b"*AR\x17\r\n\x02*SP| -1.00||\x17" in sent(passed)


def test_a_whole_distance_is_never_divided():
    halves = Autorefraction(**COMMON, right=EYES.right, pd=Pd(far=Decimal(63)))

    assert b"*PD" not in sent(halves)


def test_finer_steps_than_a_quarter_go_as_they_are():
    fine = Autorefraction(**COMMON, right=AutorefractionEye(**sca("-1.37", "-0.12", 5)))

    assert b"*SP|| -1.37|" in sent(fine)


def eye(**keys):
    return Autorefraction(**COMMON, right=AutorefractionEye(**keys))


def lens(prism):
    return Lensmetry(**COMMON, left=LensmetryEye(**sca("0.00", "0.00", 0), prism=prism))


OTHER_HALVES = Pd(far_right=Decimal(30), far_left=Decimal(30))
SERIES = (RefractionReading(**sca("-1.00", "0.00", 0)),) * 2


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        ([], "nothing in it"),
        ([Keratometry(**COMMON)], "nothing in it"),
        ([Autorefraction(**COMMON, condition="night", right=EYES.right)], "nothing in it"),
        ([EYES, EYES], "two readings"),
        ([Autorefraction(**COMMON)], "no power"),
        ([Lensmetry(**COMMON, single=LensmetryEye(**sca("0.00", "0.00", 0)))], "no power"),
        ([eye(readings=SERIES)], "no value chosen"),
        ([eye(sphere=Decimal("-1.00"))], "lack their cylinder"),
        ([eye(sphere=Decimal("-1.00"), cylinder=Decimal("-1.00"))], "lack their cylinder"),
        ([eye(**sca("-1.005", "0.00", 0))], "cannot be said"),
        ([eye(**sca("-100.00", "0.00", 0))], "cannot be said"),
        ([lens(Prism(horizontal=component("0.50")))], "no base"),
        ([lens(Prism(horizontal=component("-0.50", "in")))], "no base"),
        ([lens(Prism(power=Decimal("1.00"), base_deg=90))], "polar"),
        (
            [LENSES, Autorefraction(**COMMON, right=EYES.right, pd=Pd(far_right=Decimal(30), far_left=Decimal(30)))],
            "disagree",
        ),
    ],
)
def test_what_cannot_be_said_is_refused_in_a_sentence(readings, why):
    with pytest.raises(Unsendable, match=why):
        preset(readings)


def test_contact_and_trial_lenses_are_no_refraction():
    with pytest.raises(Unsendable, match="no power"):
        preset([eye(contact_lens=Power(**sca("-1.00", "0.00", 0)))])
