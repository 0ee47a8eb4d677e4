"""The driver over a real watched folder: the file's name is known when its bytes are read."""

import asyncio

import pytest

from edge.drivers.mapped_table.driver import Driver
from edge.links.folder import open_folder
from firmware_sim.mapped_table import ROWS, example
from protocols.framing import Garbled, Transmission
from protocols.mapped_table import map_of

BARE = {"column": [{"name": "AL", "key": "biometry.axial_length_mm", "unit": "mm"}]}
BY_NAME = BARE | {"eye": {"file": True, "right": ["OD"], "left": ["OS"]}}


async def heard(folder, by, count):
    """The first events of a folder, in the order of its files."""
    link, events = await open_folder(f"folder://{folder}?match=*.csv"), []

    async def emit(event):
        events.append(event)

    running = asyncio.create_task(Driver({"map": map_of(by)}).run(link, emit))
    async with asyncio.timeout(20):
        while len(events) < count:  # noqa: ASYNC110 - a folder wakes nobody
            await asyncio.sleep(0.05)
    await link.aclose()
    await running
    return events


@pytest.mark.edge("EDGE-430", "A table that nobody described is read by the map of whoever set the gateway up.")
async def test_an_export_in_a_folder_is_read_by_its_map(tmp_path):
    (tmp_path / "export.csv").write_bytes(example())
    (event,) = await heard(tmp_path, ROWS, 1)

    assert isinstance(event, Transmission)
    assert [one.right is not None for one in event.readings] == [True, True, False, False]


async def test_the_eye_may_stand_in_the_files_name(tmp_path):
    (tmp_path / "P17_OS.csv").write_bytes(b"AL\n23.45\n")
    (event,) = await heard(tmp_path, BY_NAME, 1)

    assert event.readings[0].left.axial_length_mm is not None


@pytest.mark.edge(
    "EDGE-431", "A table with one cell that does not fit its map is refused whole and kept, with line and column."
)
async def test_a_file_that_does_not_fit_is_kept_and_said(tmp_path):
    (tmp_path / "P17_OD.csv").write_bytes(b"AL\n23.45\n23,51\n")
    (event,) = await heard(tmp_path, BY_NAME, 1)

    assert isinstance(event, Garbled)
    assert event.why == "Line 3, column 'AL': the cell is no number with a decimal point."
    assert event.raw == b"AL\n23.45\n23,51\n"


def test_without_a_map_there_is_no_driver():
    with pytest.raises(ValueError, match="it needs a map"):
        Driver({})
