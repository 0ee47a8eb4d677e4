"""How well a model is known, and which of them are phoropters."""

import pytest
from sqlalchemy import update

from cloud.fleet import catalogue
from cloud.fleet.models import Instrument
from cloud.kernel.database import unit_of_work


def test_every_grade_is_one_of_three_or_a_map_and_every_model_has_one():
    assert {one.grade for one in catalogue.models()} <= {"verified", "documented", "reported", "mapped"}
    assert {one.family for one in catalogue.models() if one.grade == "mapped"} == {"mapped_table"}
    assert len(catalogue.models()) == len({(one.family, one.maker, one.model) for one in catalogue.models()})


def test_a_model_is_found_however_its_letters_are_written():
    assert catalogue.grade("nidek_frame", "ark-1A") == catalogue.grade("nidek_frame", "ARK-1a") is not None


@pytest.mark.parametrize(
    ("family", "model"), [("nidek_frame", "ARK-9000"), ("nobody", "ARK-1a"), ("nidek_frame", None)]
)
def test_what_is_not_listed_has_no_grade(family, model):
    assert catalogue.grade(family, model) is None


def test_an_autorefractor_is_no_phoropter_and_an_unlisted_model_is_what_its_family_is():
    assert not catalogue.is_phoropter("nidek_frame", "ARK-1a")
    assert not catalogue.is_phoropter("nidek_frame", None)
    assert not catalogue.is_phoropter("joia", "KR-800S")
    assert catalogue.is_phoropter("joia", "CV-5000")
    assert catalogue.is_phoropter("nidek_rt", "RT-5100")
    assert catalogue.is_phoropter("nidek_rt", None)


def test_the_fleet_pages_say_how_well_each_instrument_is_known(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        ark = {"family": "nidek_frame", "model": "ARK-1a"}
        session.execute(update(Instrument).where(Instrument.dev == "ar-1").values(**ark))
    told = (catalogue.grade("nidek_frame", "ARK-1a") or "").capitalize()
    for address in ("/fleet/instruments", f"/fleet/{world.pier.sender.gateway_id}"):
        page = sign_in(world.omar).get(address).get_data(as_text=True)
        assert told and f"<span>{told}</span>" in page
