"""A field in a watched folder: its pages become pictures with thumbnails, the file is kept beside them."""

import pytest

from edge.drivers.hfa_fmes.driver import Driver
from edge.imaging.filing import filing
from edge.supervisor import Fitting
from edge.supervisor.fitting import InstrumentSettings
from firmware_sim.hfa_fmes import exported, page
from protocols.readings import Document, Image, VisualField
from tests.edge.imaging.test_reception import Place

PERIMETER = InstrumentSettings("field-1", "hfa_fmes", "files:///x")


async def handed(place, folder, data, name="000001.fmes"):
    (folder / name).write_bytes(data)
    into = filing(place.reception)
    fitting = Fitting(lambda: Driver({}), "hfa_fmes", "1")

    async def emit(file):
        await into(file, PERIMETER, fitting)

    await Driver({}).taken(folder / name, emit)
    return await place.readings()


@pytest.mark.edge("EDGE-368", "The printed page of an old field is a picture of the record; no figure is read off it.")
async def test_page_cut_out_and_file_are_kept(tmp_path):
    async with Place(tmp_path) as place:
        readings = await handed(place, tmp_path, exported())
        pictures = [one for one in readings if isinstance(one, Image)]
        (field,) = [one for one in readings if isinstance(one, VisualField)]
        (file,) = [one for one in readings if isinstance(one, Document)]

        assert place.blobs.path(pictures[0].blob.sha256).read_bytes() == page(40, 60)
        assert [one.view for one in pictures] == ["print-out, page", "print-out, field"]
        assert {one.laterality for one in pictures} == {"left"}
        assert all(one.thumbnail for one in pictures)
        assert place.blobs.path(file.blob.sha256).read_bytes() == exported()
        assert (field.left.md_db, field.left.points, field.integrity.raw_sha256) == (None, (), file.blob.sha256)
        assert [path.name for path in tmp_path.glob("000001*")] == []


async def test_the_same_file_again_is_told_once(tmp_path):
    async with Place(tmp_path) as place:
        first = len(await handed(place, tmp_path, exported()))
        assert len(await handed(place, tmp_path, exported())) == first


async def test_a_file_that_cannot_be_read_is_kept_as_a_document(tmp_path):
    async with Place(tmp_path) as place:
        (file,) = await handed(place, tmp_path, exported()[:300])

    assert isinstance(file, Document)
    assert [note.code for note in file.notes] == ["not_read"]
