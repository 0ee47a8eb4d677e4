import asyncio
import os
import sys
from pathlib import Path

import pytest

from edge.camera.address import CameraAddress
from edge.camera.link import STILL, open_camera
from edge.camera.source import MEMORY, camera
from edge.links import LinkLost, LinkRefused
from firmware_sim.slit_lamp_camera import filled, picture, rolled


async def still(link):
    await link.write(STILL)
    return Path(os.fsdecode(await asyncio.wait_for(anext(aiter(link)), 5)))


def test_a_camera_is_asked_for_its_own_jpeg():
    name = "/dev/v4l/by-id/usb-Lamp-video-index0"
    where = CameraAddress.of(f"camera://{name}?size=640x480&rate=5")
    form = ["-f", "v4l2", "-input_format", "mjpeg", "-video_size", "640x480", "-framerate", "5"]

    assert camera(where) == [*form, "-i", name]


@pytest.mark.parametrize("url", ["camera:///dev/video0", "camera://x/y", "camera:///d?size=big", "pictures:///"])
def test_what_is_no_lasting_address_is_refused(url):
    with pytest.raises(LinkRefused) as refused:
        CameraAddress.of(url)

    assert refused.value.lasting


async def test_a_folder_gives_one_picture_a_press_round_and_round(tmp_path):
    pictures = filled(tmp_path / "lamp", 2)
    link = await open_camera(f"pictures://{tmp_path}/lamp", tmp_path)

    taken = [(await still(link)).read_bytes() for _ in range(3)]
    await link.aclose()

    assert taken == [*pictures, pictures[0]]


@pytest.mark.edge(
    "EDGE-391",
    "What ffmpeg hands over is the camera's own JPEG, byte for byte; it holds the camera no longer than we do.",
)
async def test_a_film_gives_the_pictures_as_they_were_made(tmp_path):
    pictures = rolled(tmp_path / "film.mjpeg", 3)
    before = set(MEMORY.glob("emmetra-camera-*"))
    link = await open_camera(f"pictures://{tmp_path}/film.mjpeg", tmp_path)

    taken = [(await still(link)).read_bytes() for _ in range(2)]
    process = link._source._process
    await link.aclose()

    assert all(one in pictures for one in taken)
    assert process.returncode is not None
    assert set(MEMORY.glob("emmetra-camera-*")) <= before


async def test_a_camera_that_ends_is_a_lost_link(tmp_path):
    rolled(tmp_path / "film.mjpeg", 1)
    link = await open_camera(f"pictures://{tmp_path}/film.mjpeg", tmp_path)

    link._source._process.kill()
    with pytest.raises(LinkLost, match="no more pictures"):
        await asyncio.wait_for(anext(aiter(link)), 5)
    with pytest.raises(LinkLost):
        await link.write(STILL)
    await link.aclose()


async def test_a_camera_that_is_not_there_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.camera.source.BEGINS_S", 3)
    before = set(MEMORY.glob("emmetra-camera-*"))

    with pytest.raises(LinkRefused, match="Motion-JPEG"):
        await open_camera("camera:///dev/v4l/by-id/none", tmp_path)
    with pytest.raises(LinkRefused, match="no pictures"):
        await open_camera("pictures:///nowhere/at/all", tmp_path)

    assert set(MEMORY.glob("emmetra-camera-*")) <= before


async def test_an_empty_folder_takes_no_picture(tmp_path):
    (tmp_path / "lamp").mkdir()
    link = await open_camera(f"pictures://{tmp_path}/lamp", tmp_path)

    with pytest.raises(LinkLost, match="no picture"):
        await link.write(STILL)
    (tmp_path / "lamp" / "a.jpg").write_bytes(picture())
    path = await still(link)
    await link.aclose()

    assert path.read_bytes() == picture()


HOLDER = """
import asyncio, sys
from pathlib import Path
from edge.camera.link import open_camera

async def main():
    link = await open_camera(f"pictures://{sys.argv[1]}/film.mjpeg", Path(sys.argv[1]))
    print(link._source._process.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_killed_gateway_leaves_nobody_who_holds_the_camera(tmp_path):
    rolled(tmp_path / "film.mjpeg", 1)
    words = (sys.executable, "-c", HOLDER, str(tmp_path))
    gateway = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    holder = int(await gateway.stdout.readline())
    before = is_alive(holder)

    gateway.kill()
    await gateway.wait()
    async with asyncio.timeout(5):
        while is_alive(holder):  # noqa: ASYNC110 - it is nobody's child any more
            await asyncio.sleep(0.02)

    assert before
    assert not is_alive(holder)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
