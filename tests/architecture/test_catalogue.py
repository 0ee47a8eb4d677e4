from cloud.fleet import catalogue
from cloud.fleet.choices import SENDABLE
from deploy import catalogue as build
from edge.discovery import families


def test_the_catalogue_is_up_to_date():
    assert catalogue.FILE.read_text() == build.page(), "run: python -m deploy.catalogue"


def test_what_can_be_sent_to_is_a_family_with_a_phoropter():
    known = {manifest.family for manifest in families()}

    for family in SENDABLE & known:
        assert any(catalogue.is_phoropter(family, one.model) for one in catalogue.models() if one.family == family)
