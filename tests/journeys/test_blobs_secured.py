"""A volume as in production: an enrolled gateway, mosquitto with TLS 1.3, and HTTPS below the roots of its papers."""

import random

import pytest

from deploy.broker.mosquitto import program
from edge.blobs.store import Store as Blobs
from tests.journeys.desk import until
from tests.journeys.store import open_store

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]


@pytest.mark.edge("EDGE-349", "An enrolled gateway brings its blobs over HTTPS that is signed below its own roots.")
def test_an_enrolled_gateway_brings_a_volume_over_tls():
    if program() is None:
        pytest.skip("mosquitto is not installed here")
    with open_store() as store:
        box = store.box("gw-pictures")
        path = box.folder / "volume.dcm"
        path.write_bytes(random.Random(5).randbytes((3 << 20) + 1))
        blobs = Blobs(box.data)
        digest = blobs.keep(path, "application/dicom").sha256
        until(lambda: blobs.journal.find(digest).state == "kept", 60)
        [row] = store.rows("SELECT bytes, media_type, gateway_id FROM blobs_blob WHERE sha256 = :d", d=digest)
        blobs.close()
        assert (row.bytes, row.media_type) == ((3 << 20) + 1, "application/dicom")
        assert row.gateway_id == store.gateway_id("gw-pictures")
        assert box.status()["blobs"]["why"] is None
