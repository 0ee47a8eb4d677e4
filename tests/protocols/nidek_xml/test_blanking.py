"""The patient leaves ``Patient`` and the names of the images, in every width; every value stays."""

import pytest

from protocols import nidek_xml
from protocols.readings import PatientRef
from tests.protocols.blanking import assert_only_the_patient_is_gone, patients
from tests.protocols.nidek_xml.documents import AR, document

IMAGE = "<AR><RingImage>ARK_{}_20240205140709RA1.jpg</RingImage>"
WIDTHS = ["utf-8", "utf-16-le", "utf-16-be"]


def named(who, encoding, number="<No.>0042</No.>"):
    right = AR.replace("<AR>", IMAGE.format(who), 1)
    return document(right, patient=f"{number}<ID>{who}</ID>", encoding=encoding)


@pytest.mark.parametrize("encoding", WIDTHS)
@pytest.mark.parametrize("who", ["H-1001", "4902205625223", "Mueller 7"])
def test_the_id_goes_and_the_names_of_images_keep_their_time(who, encoding):
    blanked = assert_only_the_patient_is_gone(nidek_xml, named(who, encoding), who)

    assert "<No.>0042</No.>" in blanked.decode(encoding)
    assert "_20240205140709RA1.jpg" in blanked.decode(encoding)
    assert not [one for one in patients(nidek_xml, blanked) if set(one.id) - set("X0- ")]


@pytest.mark.parametrize("encoding", WIDTHS)
@pytest.mark.parametrize("who", ["\u5c71\u7530 7", "M\u00fcller &amp; S\u00f6hne", "<![CDATA[A > B]]>", "\U0001f441"])
def test_letters_of_every_script_go_and_the_length_stays(who, encoding):
    data = named("H-1", encoding).replace("<ID>H-1".encode(encoding), f"<ID>{who}".encode(encoding))
    blanked = nidek_xml.blank(data)

    assert len(blanked) == len(data)
    assert not [part for part in ("\u5c71", "M\u00fc", "hne", "A >", "\U0001f441") if part.encode(encoding) in blanked]
    assert patients(nidek_xml, blanked)


@pytest.mark.parametrize("number", ["", "<No.></No.>", "<No.>0000</No.>"])
def test_an_id_of_figures_does_not_become_a_running_number(number):
    blanked = assert_only_the_patient_is_gone(nidek_xml, named("90210", "utf-8", number), "90210")
    assert set(patients(nidek_xml, blanked)) == {PatientRef(id="X0000")}


def test_an_id_that_is_the_running_number_is_nobodys_and_stays():
    data = document(AR, patient="<No.>0042</No.><ID>0042</ID>")
    assert nidek_xml.blank(data) == data


def test_a_number_too_long_to_run_goes():
    data = document(AR, patient="<No.>4902205625223</No.><ID>4902205625223</ID>")
    assert_only_the_patient_is_gone(nidek_xml, data, "4902205625223")


def test_attributes_and_comments_about_the_patient_go():
    more = '<Eye PatientName="Doe" No="1"/><Comment lang="Doe">for Doe</Comment>'
    patient = '<No.>0042</No.><ID kind="Doe">H-1001</ID><!-- Doe --><Note>Doe</Note>'
    blanked = assert_only_the_patient_is_gone(nidek_xml, document(AR, more=more, patient=patient), "Doe", "H-1001")

    assert 'No="1"' in blanked.decode("utf-16")


@pytest.mark.parametrize("tail", ["", document(AR, encoding="utf-8").decode()])
def test_a_patient_in_a_document_that_broke_off_goes_as_well(tail):
    data = document(AR, patient="<No.>0042</No.><ID>Mueller</ID>", encoding="utf-8")
    cut = data[: data.index(b"ller</ID>") + 2] + tail.encode()
    assert b"Mue" not in nidek_xml.blank(cut)
