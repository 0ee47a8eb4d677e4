"""A file exported into a watched folder becomes a blob and readings, and is moved away only then."""

import asyncio

import pytest

from edge.drivers.filed import Filed
from edge.drivers.heyex_vol.driver import Driver
from edge.imaging.filing import filing
from edge.links import LinkRefused, open_link
from edge.supervisor import Fitting
from edge.supervisor.fitting import InstrumentSettings
from firmware_sim.heyex_vol import exported
from tests.edge.drivers.watching import at_work, quick, until
from tests.edge.imaging.test_reception import Place

SPECTRALIS = InstrumentSettings("oct-1", "heyex_vol", "files:///x", lane="Room 3")


__all__ = ["quick"]
pytestmark = pytest.mark.usefixtures("quick")


@pytest.mark.edge("EDGE-362", "A volume in a watched folder is a blob and its readings before it is moved away.")
async def test_a_circle_is_a_blob_and_its_thickness(tmp_path):
    share, data = tmp_path / "share", tmp_path / "data"
    share.mkdir()
    data.mkdir()
    async with Place(data) as place:
        into = filing(place.reception)
        fitting = Fitting(lambda: Driver({}), "heyex_vol", "1", maker="Heidelberg Engineering", model="Spectralis")

        async def emit(file):
            assert (share / "Doe_Jane.vol").exists()
            await into(file, SPECTRALIS, fitting)

        async with at_work(Driver({}), "*.vol", share, data, emit):
            (share / "Doe_Jane.vol").write_bytes(exported(um=100.0))
            await until(lambda: not (share / "Doe_Jane.vol").exists())
        readings = await place.readings()
        kept = place.blobs.path(readings[0].blob.sha256).read_bytes()
    picture, nerves = readings

    assert kept == exported(um=100.0)
    assert (picture.modality, picture.laterality, picture.instrument.model) == ("OPT", "right", "Spectralis")
    assert str(nerves.right.rnfl_um["average"]) == "100.0"
    assert [path.name for path in (share / "done").rglob("*.vol")] == ["Doe_Jane.vol"]
    assert list((data / "arriving").rglob("*.vol")) == []


async def test_a_folder_that_hands_over_contents_is_refused_in_words(tmp_path):
    link = await open_link(f"folder://{tmp_path}", data=tmp_path)
    with pytest.raises(LinkRefused, match="files:///"):
        await Driver({}).run(link, None)
    await link.aclose()


async def test_what_was_handed_over_and_not_taken_comes_again(tmp_path):
    share, data = tmp_path / "share", tmp_path / "data"
    share.mkdir()
    (share / "a.vol").write_bytes(exported())
    seen: list[Filed] = []

    async def dies(file):
        seen.append(file)
        await asyncio.Event().wait()

    for _ in range(2):
        link = await open_link(f"files://{share}?match=*.vol", data=data)
        task = asyncio.create_task(Driver({}).run(link, dies))
        count = len(seen)
        await until(lambda count=count: len(seen) > count)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await link.aclose()

    assert len(seen) == 2
    assert (share / "a.vol").exists()
