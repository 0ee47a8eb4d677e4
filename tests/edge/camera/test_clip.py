"""A clip is filmed to the disk, ends when it should, and survives the current's failing."""

# ruff: noqa: ASYNC110 - a recorder rings no bell

import asyncio
import json
import os
from pathlib import Path

import pytest

from edge.camera.clip import UNFINISHED, Recorder, recovered
from edge.camera.link import ENOUGH, STILL, clip_order, open_camera
from edge.links import LinkLost
from firmware_sim.slit_lamp_camera import bare, filled, picture, rolled
from protocols.pictures import completed
from protocols.pictures.clip import picture as frame_of
from protocols.pictures.clip import read

SAID = {"ISFT": "Emmetra", "ICMT": "eye=right", "ICRD": "2026-03-04T09:30:00+00:00"}


def frames(path):
    with path.open("rb") as file:
        clip = read(file)
        return clip, [frame_of(file, place) for place in clip.places]


async def next_path(link):
    return Path(os.fsdecode(await asyncio.wait_for(anext(aiter(link)), 10)))


@pytest.mark.edge("EDGE-443", "A clip is streamed to the disk frame by frame, with the pace at which its frames came.")
def test_a_recorder_writes_what_came_at_the_pace_it_came(tmp_path):
    recorder = Recorder(tmp_path / "a.avi", SAID, 15)

    recorder.add(b"no picture", 0.0)
    for number in range(5):
        recorder.add(picture(number), number * 0.2)
    before = [file.name for file in tmp_path.iterdir()]
    path = recorder.finish()
    clip, found = frames(path)

    assert before == ["a.avi.part"]
    assert [file.name for file in tmp_path.iterdir()] == ["a.avi"]
    assert (clip.micros, clip.said) == (200_000, SAID)
    assert found == [picture(number) for number in range(5)]


@pytest.mark.edge("EDGE-444", "Of a clip that a power cut ended, every whole frame is filed after the next start.")
@pytest.mark.parametrize("cut", [1, 1000])
def test_what_a_power_cut_left_of_a_clip_is_made_whole(tmp_path, cut):
    recorder = Recorder(tmp_path / "a.avi", SAID, 10)
    for number in range(3):
        recorder.add(picture(number), number * 0.1)
    recorder.leave()
    recorder.add(picture(3), 0.3)
    part = tmp_path / f"a{UNFINISHED}"
    os.truncate(part, part.stat().st_size - cut)

    path = recovered(part)
    clip, found = frames(path)

    assert path == tmp_path / "a.avi"
    assert found == [picture(0), picture(1)]
    assert (clip.micros, clip.said, not part.exists()) == (100_000, SAID, True)


def test_where_no_frame_is_left_nothing_is(tmp_path):
    part = tmp_path / f"a{UNFINISHED}"
    part.write_bytes(b"RIFF")

    assert recovered(part) is None
    assert list(tmp_path.iterdir()) == []


async def test_a_clip_ends_when_its_time_is_over(tmp_path):
    pictures = filled(tmp_path / "lamp", 2)
    link = await open_camera(f"pictures://{tmp_path}/lamp?rate=50", tmp_path)

    await link.write(clip_order(0.3, SAID))
    clip, found = frames(await next_path(link))
    await link.aclose()

    assert found[:2] == pictures
    assert len(found) > 2
    assert clip.said == SAID


async def test_a_clip_ends_sooner_when_somebody_has_enough_and_nobody_who_looks_disturbs_it(tmp_path):
    rolled(tmp_path / "film.mjpeg", 3)
    link = await open_camera(f"pictures://{tmp_path}/film.mjpeg", tmp_path)

    filming = asyncio.create_task(link.write(clip_order(60, SAID)))
    while not list(tmp_path.rglob(f"*{UNFINISHED}")):
        await asyncio.sleep(0.02)
    looked = [await link.look() for _ in range(5)]
    await link.write(ENOUGH)
    await asyncio.wait_for(filming, 10)
    _, found = frames(await next_path(link))
    await link.aclose()

    assert set(looked) <= {picture(seed) for seed in range(3)}
    assert set(found) <= {picture(seed) for seed in range(3)}


async def test_what_was_filmed_before_the_camera_went_is_a_clip(tmp_path):
    rolled(tmp_path / "film.mjpeg", 3)
    link = await open_camera(f"pictures://{tmp_path}/film.mjpeg", tmp_path)

    filming = asyncio.create_task(link.write(clip_order(60, SAID)))
    while not list(tmp_path.rglob(f"*{UNFINISHED}")):
        await asyncio.sleep(0.02)
    link._source._process.kill()
    await asyncio.wait_for(filming, 10)
    await link.aclose()
    [path] = tmp_path.rglob("*.avi")

    assert frames(path)[1]


async def test_a_camera_without_a_picture_makes_no_clip(tmp_path):
    (tmp_path / "lamp").mkdir()
    link = await open_camera(f"pictures://{tmp_path}/lamp", tmp_path)

    with pytest.raises(LinkLost, match="no picture"):
        await link.write(clip_order(1, SAID))
    await link.aclose()

    assert list(tmp_path.rglob("*.avi*")) == []


async def test_a_still_is_completed_and_so_is_what_is_looked_at(tmp_path):
    (tmp_path / "lamp").mkdir()
    (tmp_path / "lamp" / "a.jpg").write_bytes(bare(picture()))
    link = await open_camera(f"pictures://{tmp_path}/lamp", tmp_path)

    looked = await link.look()
    await link.write(STILL)
    path = await next_path(link)
    await link.aclose()

    assert path.read_bytes() == looked == completed(bare(picture()))
    assert json.loads(clip_order(2, SAID)[5:]) == {"seconds": 2, "said": SAID}
