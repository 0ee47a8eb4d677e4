"""LM: the same spectacles in four spellings."""

from decimal import Decimal

import pytest

from protocols.readings import LensmetryEye, Pd, Prism, PrismComponent
from tests.protocols.joia.documents import document, measure, power
from tests.protocols.joia.reading import codes, readings

D = Decimal
TOPCON = (
    "<LensType>glass</LensType><LM><R>"
    + power(" +3.75", " -3.50", "  9")
    + '<Add1 unit="D"> +2.25</Add1><Add2 unit="D"></Add2><H Prism="P">+0.25</H><V Prism="P">-0.75</V></R></LM>'
    "<PD><B><Distance>55.0</Distance></B><R><Distance>25.0</Distance></R><L><Distance>30.0</Distance></L></PD>"
)


def nidek(lenses, version="V1.01", attribute="Type", more=""):
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="NIDEK_LM_Stylesheet.xsl" ?>'
        "<Ophthalmology><Common><Company>NIDEK</Company><ModelName>LM-7</ModelName>"
        f"<Version>NIDEK_{version}</Version><Patient><No.>0001</No.><ID>pati</ID></Patient></Common>"
        f'<Measure {attribute}="LM"><MeasureMode>AutoProgressive</MeasureMode><LM>{lenses}</LM>{more}</Measure>'
        "</Ophthalmology>"
    ).encode()


LENS = (
    power("-2.00", "-1.50", 143)
    + "<SE></SE><ADD>1.75</ADD><ADD2>2.00</ADD2><NearSphere>-0.25</NearSphere><NearSphere2></NearSphere2>"
    '<Prism unit="pri">2.25</Prism><PrismBase unit="deg">77</PrismBase><PrismX unit="pri" base="in">0.50</PrismX>'
    '<PrismY unit="pri" base="up">2.00</PrismY><UVTransmittance unit="%">5</UVTransmittance>'
)


def test_topcons_lens_with_a_signed_prism_that_gets_no_base():
    (reading,) = readings(document(measure("LM", TOPCON)))
    assert reading.right == LensmetryEye(
        sphere=D("3.75"),
        cylinder=D("-3.50"),
        axis=9,
        add=D("2.25"),
        prism=Prism(horizontal=PrismComponent(power=D("0.25")), vertical=PrismComponent(power=D("-0.75"))),
    )
    assert (reading.lens_type, reading.left) == ("glass", None)
    assert reading.pd == Pd(far=D("55.0"), far_right=D("25.0"), far_left=D("30.0"))


def test_nideks_lens_with_both_forms_of_its_prism():
    (reading,) = readings(nidek(f"<L>{LENS}</L>", more="<PD><Distance unit='mm'>70.5</Distance></PD>"))
    assert reading.left == LensmetryEye(
        sphere=D("-2.00"),
        cylinder=D("-1.50"),
        axis=143,
        add=D("1.75"),
        add2=D("2.00"),
        near_sphere=D("-0.25"),
        prism=Prism(
            horizontal=PrismComponent(power=D("0.50"), base="in"),
            vertical=PrismComponent(power=D("2.00"), base="up"),
            power=D("2.25"),
            base_deg=77,
        ),
        uv_transmittance=D(5),
    )
    assert reading.pd == Pd(far=D("70.5"))
    assert (reading.patient_ref.id, reading.print_number) == ("pati", "0001")


def test_both_versions_of_nidek_mean_the_same():
    misspelt = nidek(f"<R>{LENS.replace('Sphere', 'Sphare')}</R>", version="V1.00", attribute="type")
    assert readings(misspelt)[0].right == readings(nidek(f"<R>{LENS}</R>"))[0].right


def test_a_base_without_a_power_is_no_prism():
    empty = (
        LENS.replace(">2.25<", "><").replace(">77<", "><").replace(">0.50<", "><").replace(">2.00</PrismY", "></PrismY")
    )
    assert readings(nidek(f"<R>{empty}</R>"))[0].right.prism is None


def test_a_lens_that_failed_beside_a_good_one():
    (reading,) = readings(nidek(f"<S>{LENS}</S><S><Error>MEASUREMENT ERROR</Error></S>"))
    assert (reading.single.sphere, reading.single.error) == (D("-2.00"), None)
    assert reading.extra["S/Error"] == "MEASUREMENT ERROR"


def test_a_lens_that_failed_alone():
    (reading,) = readings(nidek("<S><Error>MEASUREMENT ERROR</Error></S>"))
    assert reading.single == LensmetryEye(error="MEASUREMENT ERROR")


def test_of_several_unmarked_lenses_none_is_chosen():
    (reading,) = readings(nidek(f"<S>{LENS}</S><S>{LENS.replace('143', '144')}</S><R>{LENS}</R>"))
    assert (reading.single, codes(reading)) == (None, ["representative_missing"])
    assert [one["Axis"] for one in reading.extra["S"]] == ["143", "144"]


def test_nideks_own_part_is_kept_with_its_bases():
    net = '<NIDEK><NetPrism><NetHPrism unit="pri" base="in">3</NetHPrism></NetPrism></NIDEK>'
    (reading,) = readings(nidek(f"<R>{LENS}</R>", more=net))
    assert reading.extra["NIDEK"] == {"NetPrism": {"NetHPrism": {"@base": "in", "text": "3"}}}


def test_an_lm_1800_with_broken_tags_is_mended_and_told():
    net = '<NIDEK><S><GreenTransmittance unit="%"></GreenTransmittance unit="%"></S></NIDEK>'
    raw = nidek(f"<R>{LENS}</R>", more=net).replace(b'.xsl" ?>', b'.xsl" ?\n')
    (reading,) = readings(raw)
    assert (reading.right.axis, codes(reading)) == (143, ["document_mended"])


@pytest.mark.parametrize("base", ["sideways", "IN "])
def test_a_base_nobody_knows_is_no_base(base):
    (reading,) = readings(nidek(f"<R>{LENS.replace('base=' + chr(34) + 'in', 'base=' + chr(34) + base)}</R>"))
    expected = "in" if base == "IN " else None
    assert reading.right.prism.horizontal == PrismComponent(power=D("0.50"), base=expected)
