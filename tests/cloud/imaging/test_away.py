"""While the store of pictures is away, pages say so and the record goes on."""

import pytest

from cloud.blobs import vault
from cloud.blobs.errors import NoKey, StoreAway
from cloud.kernel.settings import Misconfigured
from tests.cloud.imaging.pictures_here import bring, derive, photograph


@pytest.mark.parametrize("trouble", [StoreAway("nobody there"), NoKey("another key"), Misconfigured("no key")])
def test_a_picture_that_cannot_be_opened_now_is_no_mistake_of_ours(engine, world, app, sign_in, monkeypatch, trouble):
    [reading] = bring(engine, world.pier, world.alice, world.grace, [photograph()])
    derive(engine, world.one)
    alice = sign_in(world.alice)

    def away(*_):
        raise trouble

    monkeypatch.setattr(vault._vaults[app.extensions["emmetra.engine"]], "chest", away)
    assert alice.get(f"/readings/{reading}/thumbnail").status_code == 503
    assert alice.get(f"/patients/{world.grace}/pictures/{reading}/original").status_code == 503
    assert alice.get(f"/patients/{world.grace}/pictures").status_code == 200
