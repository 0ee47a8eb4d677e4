"""A capture that names a blob is handed out like one that carries its bytes, once the blob is here."""

import hashlib

from cloud.blobs import services as blobs
from cloud.kernel.database import unit_of_work
from tests.cloud.readings.parcels_here import Outbox

FILE = b"a volume of many slices" * 1000


def named(outbox):
    """A capture that names FILE, and the reading that was read from it."""
    sha = hashlib.sha256(FILE).hexdigest()
    capture = outbox.capture().saying(sha256=sha, data="", media_type="application/dicom", bytes=len(FILE))
    return capture, outbox.reading("R-1", integrity={"checksum": "none", "raw_sha256": sha})


def test_the_file_is_handed_out_when_it_has_come_and_not_before(engine, world, arrive, sign_in):
    outbox = Outbox(world.pier)
    capture, reading = named(outbox)
    arrive(outbox, capture, reading)
    alice, address = sign_in(world.alice), f"/readings/{reading.id}.bin"
    assert alice.get(f"/readings/{reading.id}").status_code == 200
    assert alice.get(address).status_code == 404

    with unit_of_work(engine, world.one) as session:
        blobs.put(session, FILE, "application/dicom")
    answer = alice.get(address)
    assert (answer.status_code, answer.data) == (200, FILE)
    assert sign_in(world.charlie).get(address).status_code == 404
