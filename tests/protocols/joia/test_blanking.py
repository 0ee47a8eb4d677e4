"""People leave ``Patient`` and ``Operator``; every value stays."""

import pytest

from protocols import joia
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients, readings
from tests.protocols.joia.documents import common, document, measure, power

WHO = {"ID": "90210", "FirstName": "Ada", "MiddleName": "Byron", "LastName": "King", "NameJ1": "\u5c71\u7530"}
REF = measure("REF", f"<REF><R><List No='1'>{power('-1.25', '-0.50', '90')}</List></R></REF>")


def people(**who):
    told = "".join(f"<nsCommon:{name}>{text}</nsCommon:{name}>" for name, text in who.items())
    return common(
        f"<nsCommon:No.>0042</nsCommon:No.>{told}",
        more="<nsCommon:Operator><nsCommon:ID>Grace</nsCommon:ID></nsCommon:Operator>",
    )


@pytest.mark.parametrize(("encoding", "codec"), [("UTF-8", "utf-8"), ("Shift-JIS", "cp932"), ("UTF-16", "utf-16-le")])
def test_names_and_ids_of_patient_and_operator_go_in_every_encoding(encoding, codec):
    data = document(REF, head=people(**WHO), encoding=encoding, codec=codec)
    without = joia.blank(data)

    assert len(without) == len(data)
    assert not [name for name in (*WHO.values(), "Grace") if name.encode(codec) in without]
    assert set(patients(joia, without)) == {PatientRef(id="X0000", name="XXXX, XXX XXXXX")}
    values = [
        {key: one[key] for key in ("right", "measured_at", "print_number", "instrument")}
        for one in readings(joia.decode, data)
    ]
    assert values == [{key: one[key] for key in values[0]} for one in readings(joia.decode, without)]


def test_letters_of_one_byte_change_nothing_else():
    who = {name: text for name, text in WHO.items() if text.isascii()}
    assert_only_the_patient_is_gone(joia, document(REF, head=people(**who)), *who.values(), "Grace")


def test_a_birth_date_goes_and_is_told_to_be_none():
    without = joia.blank(document(REF, head=people(DOB="1980-01-02")))

    assert b"1980" not in without
    assert patients(joia, without) == [None]


def test_a_fragment_without_people_stays():
    data = b"<Measure type='LM'><LM><R><Sphere>-1.25</Sphere></R></LM></Measure>"
    assert joia.blank(data) == data
