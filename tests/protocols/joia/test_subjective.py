"""SBJ, PHOR, US21test and RT: what stood in a phoropter; with the bugs other parsers had."""

from decimal import Decimal

import pytest

from protocols.readings import BinocularTest, Pd, Prism, PrismComponent, SubjectiveEye
from tests.protocols.joia.documents import document, measure, prefixed
from tests.protocols.joia.reading import codes, readings

D = Decimal


def eye(letter, sphere, cylinder="-0.50", axis="90", more=""):
    return f'<{letter}><Sph unit="D">{sphere}</Sph><Cyl unit="D">{cylinder}</Cyl><Axis>{axis}</Axis>{more}</{letter}>'


def exam(distance, *eyes, va="", pd="", more=""):
    return (
        f'<ExamDistance No="1"><Distance unit="cm">{distance}</Distance>'
        f'<RefractionData>{"".join(eyes)}<VD unit="mm">13.75</VD></RefractionData>{va}{more}{pd}</ExamDistance>'
    )


def kind(number, name, *exams):
    return f'<Type No="{number}"><TypeName>{name}</TypeName>{"".join(exams)}</Type>'


def phoropter(*types, name="SBJ", more=""):
    return document(measure(name, f"<RefractionTest>{''.join(types)}</RefractionTest>{more}"))


VA = '<VA><R unit="Decimal">0.6</R><L unit="Decimal">1.0</L><B unit="Decimal"></B></VA>'
PD = '<PD><R unit="mm">29.50</R><L unit="mm">30.50</L><B unit="mm">60.00</B></PD>'


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("Prescription", "final"),
        ("Full Correction", "subjective"),
        ("Unaided Data", "unaided"),
        ("Objective Data", "autorefraction"),
        ("Current Spectacles", "lensmeter"),
        ("Last Prescription", "previous"),
    ],
)
def test_the_name_of_a_type_decides_and_never_its_number(name, stage):
    (reading,) = readings(phoropter(kind(7, name, exam("500.000", eye("R", "1.25")))))
    assert (reading.stage, reading.distance, reading.distance_cm) == (stage, "far", D("500.000"))


def test_acuity_and_distance_stand_beside_the_refraction_and_sides_are_not_mixed():
    both = exam("600.000", eye("R", "1.25"), eye("L", "2.00"), va=VA, pd=PD)
    (reading,) = readings(phoropter(kind(1, "Prescription", both)))
    assert reading.right == SubjectiveEye(sphere=D("1.25"), cylinder=D("-0.50"), axis=90, va="0.6")
    assert reading.left == SubjectiveEye(sphere=D("2.00"), cylinder=D("-0.50"), axis=90, va="1.0")
    assert reading.both is None
    assert reading.pd == Pd(far=D("60.00"), far_right=D("29.50"), far_left=D("30.50"))
    assert (reading.vertex_mm, reading.extra["VA@unit"]) == (D("13.75"), "Decimal")


def test_distances_belong_to_their_own_type():
    types = [
        kind(1, "Objective Data", exam("500.000", eye("R", "9.00"))),
        kind(2, "Prescription", exam("500.000", eye("R", "1.00")), exam("33.000", eye("R", "3.00"))),
    ]
    told = [(one.stage, one.distance, one.right.sphere) for one in readings(phoropter(*types))]
    assert told == [("autorefraction", "far", D("9.00")), ("final", "far", D("1.00")), ("final", "near", D("3.00"))]


def test_the_near_sphere_is_the_whole_one_and_no_addition_is_computed():
    far, near = readings(
        phoropter(kind(1, "Prescription", exam("500", eye("R", "1.00")), exam("40", eye("R", "3.00"))))
    )
    assert (near.right.sphere, near.right.add, far.right.add) == (D("3.00"), None, None)


def test_a_near_distance_that_repeats_the_far_one_was_not_measured():
    exams = [exam("500", eye("R", "1.00"), pd=PD), exam("33", eye("R", "3.00"), pd=PD)]
    far, near = readings(phoropter(kind(1, "Full Correction", *exams)))
    assert (far.pd.far, near.pd) == (D("60.00"), None)
    own = exam("33", eye("R", "3.00"), pd=PD.replace("60.00", "57.00"))
    assert readings(phoropter(kind(1, "Full Correction", exams[0], own)))[1].pd.near == D("57.00")


def test_forms_without_values_are_no_readings():
    empty = exam("0.000", eye("R", "", "", "", "<HPri/><HBase>BO</HBase>"), pd="<PD><B>0.00</B></PD>")
    unaided = kind(2, "Unaided Data", exam("500", eye("R", "", "", ""), pd=PD))
    types = kind(1, "Last Prescription", exam("600", eye("R", "-0.75")), empty)
    (reading,) = readings(phoropter(types, unaided))
    assert (reading.stage, reading.right.sphere) == ("previous", D("-0.75"))


def test_unaided_acuity_without_any_power_is_a_reading():
    (reading,) = readings(phoropter(kind(1, "Unaided Data", exam("500", eye("R", "", "", ""), va=VA))))
    assert (reading.stage, reading.right, reading.left.va) == ("unaided", SubjectiveEye(va="0.6"), "1.0")


def test_contrast_and_glare_are_kept_where_something_stands_in_them():
    blank = "<ContrastVA><Rate No='1'><RateValue>2.5</RateValue><R></R></Rate></ContrastVA>"
    said = blank.replace("<R></R>", "<R>0.4</R>")
    far = [exam("500", eye("R", "1.00"), more=more) for more in (blank, said)]
    nothing, something = (readings(phoropter(kind(1, "Prescription", one)))[0] for one in far)
    assert "ContrastVA" not in nothing.extra
    assert something.extra["ContrastVA"] == {"@no": "1", "RateValue": "2.5", "R": "0.4"}


def test_prism_with_bases_and_polar():
    rectangular = "<HPri unit='prism'>1.50</HPri><HBase>BO</HBase><VPri>0.50</VPri><VBase>BU</VBase>"
    more = rectangular + "<Prism>1.58</Prism><Angle>161</Angle>"
    (reading,) = readings(phoropter(kind(1, "Prescription", exam("500", eye("R", "1.00", more=more)))))
    assert reading.right.prism == Prism(
        horizontal=PrismComponent(power=D("1.50"), base="out"),
        vertical=PrismComponent(power=D("0.50"), base="up"),
        power=D("1.58"),
        base_deg=161,
    )


def test_decimal_commas_of_a_european_pc():
    (reading,) = readings(phoropter(kind(1, "Prescription", exam("500,000", eye("R", "1,25", "-2,00", "7")))))
    assert (reading.right.sphere, reading.right.cylinder, reading.distance) == (D("1.25"), D("-2.00"), "far")


def test_a_type_nobody_has_described_is_kept_and_told():
    types = (
        kind(1, "Trial Frame", exam("500", eye("R", "9.00"))),
        kind(2, "Prescription", exam("500", eye("R", "1.00"))),
    )
    (reading,) = readings(phoropter(*types))
    assert (reading.right.sphere, codes(reading)) == (D("1.00"), ["unknown_field"])
    assert reading.extra["RefractionTest/Type"]["TypeName"] == "Trial Frame"


def test_the_standards_own_name_of_the_classification_is_read_too():
    raw = phoropter(kind(1, "Prescription", exam("500", eye("R", "1.00"))), name="SBJ").replace(
        b'type="SBJ"', b'type="PHOR"'
    )
    assert readings(raw)[0].stage == "final"


POINTS = (
    "<US21test><No.13B><R unit='prism'>2.00</R><RBase>BI</RBase></No.13B><No.14B><L unit='D'>1.25</L></No.14B>"
    "<No.18A><R>1.80</R><RBase>BD</RBase></No.18A><No.99><R>7</R></No.99></US21test>"
)


def test_points_of_the_21_that_are_named_and_one_that_is_not():
    *_, reading = readings(phoropter(kind(1, "Prescription", exam("500", eye("R", "1.00"))), more=POINTS))
    near = {"distance": "near"}
    assert reading.tests == (
        BinocularTest(
            name="phoria", **near, direction="in", eye="right", values={"value": D("2.00")}, unit="pd", words="No.13B"
        ),
        BinocularTest(name="cross_cylinder", **near, eye="left", values={"value": D("1.25")}, unit="D", words="No.14B"),
        BinocularTest(
            name="phoria", **near, direction="down", eye="right", values={"value": D("1.80")}, unit="pd", words="No.18A"
        ),
    )
    assert reading.extra["US21test/No.99"] == {"R": "7"}


def test_points_alone_as_a_fragment():
    (reading,) = readings(prefixed("SBJ", POINTS).encode())
    assert len(reading.tests) == 3


def rt(*corrections, more=""):
    return (
        '<?xml version="1.0" encoding="UTF-16"?><Ophthalmology><Common><Company>NIDEK</Company>'
        "<ModelName>RT-6100</ModelName><Date>2021-10-26</Date><Time>17-16-48</Time><Patient><No>0138</No></Patient>"
        f'</Common><Measure Type="RT"><Phoropter>{"".join(corrections)}</Phoropter>{more}</Measure></Ophthalmology>'
    ).encode()


def correction(name, vision="Distant", situation="Standard"):
    return (
        f'<Corrected CorrectionType="{name}" Vision="{vision}" Situation="{situation}"><VD unit="mm">12.00</VD>'
        '<WorkingDistance unit="cm">40</WorkingDistance><R><Sphere>0.75</Sphere><Cylinder>-0.50</Cylinder>'
        '<Axis>90</Axis><ADD unit= "D">0.25</ADD><PrismX base="in"/><VA>1.00</VA><ADDVA>0.8</ADDVA><PHVA>1.2</PHVA>'
        "<LIVA>0.5</LIVA><PD>30.50</PD></R><B><VA>1.25</VA><PD>61.00</PD></B></Corrected>"
    )


@pytest.mark.parametrize(
    ("name", "stage"),
    [("LM_Base", "lensmeter"), ("REF_Base", "autorefraction"), ("Full", "subjective"), ("Best", "final")],
)
def test_the_corrections_of_an_rt_6100(name, stage):
    (reading,) = readings(rt(correction(name)))
    assert (reading.stage, reading.distance, reading.working_cm, reading.vertex_mm) == (stage, "far", 40, D("12.00"))
    assert reading.right == SubjectiveEye(
        sphere=D("0.75"),
        cylinder=D("-0.50"),
        axis=90,
        add=D("0.25"),
        va="1.00",
        va_with_add="0.8",
        va_pinhole="1.2",
        va_low_light="0.5",
    )
    assert (reading.both.va, reading.pd) == ("1.25", Pd(far=D("61.00"), far_right=D("30.50")))
    assert (reading.measured_at, reading.print_number) == ("2021-10-26T17:16:48", "0138")


def test_near_and_another_situation_of_an_rt_6100():
    (reading,) = readings(rt(correction("Best", "Near", "Night")))
    assert (reading.distance, reading.pd.near, reading.extra["Corrected@Situation"]) == ("near", D("61.00"), "Night")


def test_what_an_rt_6100_passes_on_is_told_and_its_pascals_are_kilopascals():
    more = (
        "<KM><ReferenceInstance>x</ReferenceInstance><R><Median><R1><Radius>7.69</Radius><Axis>86</Axis></R1></Median></R></KM>"
        '<TM><R><Average><IOP_mmHg unit="mmHg">12.20</IOP_mmHg><IOP_Pa unit="kPa">1.61</IOP_Pa></Average></R></TM>'
        "<PACHY><L><Average><Thickness>590</Thickness></Average></L></PACHY>"
    )
    _, cornea, pressure, thickness = readings(rt(correction("Best"), more=more))
    assert (cornea.right.r1.radius_mm, cornea.extra["KM/ReferenceInstance"]) == (D("7.69"), "x")
    assert (pressure.right.iop_mmhg, pressure.right.iop_kpa) == (D("12.20"), D("1.61"))
    assert thickness.left.cct_um == D(590)
    assert [codes(one) for one in (cornea, pressure, thickness)] == [["passed_on"]] * 3
