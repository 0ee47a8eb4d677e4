"""A DICOM file in a watched folder is taken over as one that was sent: a blob, and readings that name it."""

import pytest

from edge.drivers.dicom.driver import Driver
from edge.imaging.filing import filing
from edge.links import LinkRefused, open_link
from edge.supervisor import Fitting
from edge.supervisor.fitting import InstrumentSettings
from firmware_sim.dicom import exported
from protocols.readings import Biometry, Document
from tests.edge.drivers.watching import at_work, quick, until
from tests.edge.imaging.test_reception import Place

EXPORT = InstrumentSettings("export-1", "dicom", "files:///x", lane="Room 3")


__all__ = ["quick"]
pytestmark = pytest.mark.usefixtures("quick")


async def test_a_file_in_a_watched_folder_is_a_blob_and_its_values(tmp_path):
    share, data, file = tmp_path / "share", tmp_path / "data", exported("DICOM biometer")
    share.mkdir()
    data.mkdir()
    async with Place(data) as place:
        into = filing(place.reception)
        fitting = Fitting(lambda: Driver({}), "dicom", "1")
        async with at_work(Driver({}), "*.dcm", share, data, lambda one: into(one, EXPORT, fitting)):
            (share / "a.dcm").write_bytes(file)
            await until(lambda: not (share / "a.dcm").exists())
        document, lengths = await place.readings()
        kept = place.blobs.path(document.blob.sha256).read_bytes()

    assert kept == file
    assert (type(document), type(lengths)) == (Document, Biometry)
    assert (str(lengths.right.axial_length_mm), lengths.order.accession) == ("23.41", "77001")
    assert lengths.instrument.maker == "Emmetra"


async def test_a_folder_that_hands_over_contents_is_refused_in_words(tmp_path):
    link = await open_link(f"folder://{tmp_path}", data=tmp_path)
    with pytest.raises(LinkRefused, match="files:///"):
        await Driver({}).run(link, None)
    await link.aclose()
