"""Somebody presses, and a picture with its eye is handed over."""

# ruff: noqa: ASYNC110 - neither driver nor foot switch rings a bell

import asyncio
import io
import os
from datetime import UTC, datetime

import pydicom
import pytest

from edge.camera.clip import UNFINISHED
from edge.camera.pedal import Press
from edge.camera.shutter import EV_KEY, EVENT, KEY_CAMERA
from edge.drivers.slit_lamp_camera.driver import Driver, filed
from edge.imaging.filing import filing
from edge.links import LinkRefused, null_modem, open_link, usb_bus
from edge.refusals import OrderRefused
from edge.supervisor import Fitting
from edge.supervisor.fitting import Camera, InstrumentSettings
from firmware_sim.slit_lamp_camera import bare, clip, filled, picture
from firmware_sim.usb import Bus, FootSwitch
from protocols.pictures.clip import AVI, read
from protocols.slit_lamp_camera import Shot, noted, notes
from tests.edge.imaging.test_reception import Place

LAMP = InstrumentSettings("lamp", "slit_lamp_camera", "pictures:///x", lane="Lane 1")
SWITCH = "usb-hid://0c45:7403"


class Lamp:
    """A driver at work on a folder of pictures."""

    def __init__(self, folder, **settings):
        self.folder, self.filed = folder, []
        self.driver = Driver(settings)
        self.more = asyncio.Event()

    async def __aenter__(self):
        self.pictures = filled(self.folder / "lamp")
        self.link = await open_link(f"pictures://{self.folder}/lamp", data=self.folder)
        self.task = asyncio.create_task(self.driver.run(self.link, self._emit))
        while self.driver._link is None:
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_):
        await self.link.aclose()
        await asyncio.wait_for(self.task, 10)

    async def _emit(self, file):
        self.filed.append((file, file.path.read_bytes()))
        file.path.unlink()
        self.more.set()

    async def next(self):
        await asyncio.wait_for(self.more.wait(), 5)
        self.more.clear()
        return self.filed[-1]


async def test_a_picture_carries_what_was_chosen(tmp_path):
    async with Lamp(tmp_path, model="SL-9") as lamp:
        lamp.driver.choose(eye="left", magnification="16x", illumination="slit")
        await lamp.driver.take()
        [(file, made)] = lamp.filed

    found = pydicom.dcmread(io.BytesIO(made))
    assert (file.media_type, file.dialect) == ("application/dicom", "slit_lamp_camera")
    assert (found.ImageLaterality, found.ManufacturerModelName) == ("L", "SL-9")
    assert lamp.pictures[0] in made
    assert isinstance(lamp.driver, Camera)


@pytest.mark.edge("EDGE-392", "Without a chosen eye a slit lamp takes no picture, and its page says why.")
async def test_without_an_eye_nothing_is_taken(tmp_path):
    async with Lamp(tmp_path) as lamp:
        with pytest.raises(OrderRefused, match="no eye"):
            await lamp.driver.take()
        trouble = lamp.driver.scene()["trouble"]

    assert (lamp.filed, trouble) == ([], "no_eye")


async def test_a_foot_takes_pictures_and_changes_the_eye(tmp_path, monkeypatch):
    bus, switch = Bus(), FootSwitch()
    bus.plug(switch)
    monkeypatch.setattr(usb_bus, "backend", lambda: bus)

    async def press(times):
        for _ in range(times):
            switch.down()
            await asyncio.sleep(0.06)
            switch.up()
            await asyncio.sleep(0.06)

    async with Lamp(tmp_path, foot_switch=SWITCH) as lamp:
        while lamp.driver.scene()["foot_switch"] != "plugged":
            await asyncio.sleep(0.01)
        lamp.driver.choose(eye="right")
        await press(1)
        right, _ = await lamp.next()
        await press(2)
        while lamp.driver.choice.eye != "left":
            await asyncio.sleep(0.01)
        bus.unplug(switch)
        while lamp.driver.scene()["foot_switch"] == "plugged":
            await asyncio.sleep(0.01)
        bus.plug(switch)
        while lamp.driver.scene()["foot_switch"] != "plugged":
            await asyncio.sleep(0.05)
        await press(1)
        left, _ = await lamp.next()

    assert (right.about["eye"], left.about["eye"]) == ("right", "left")
    assert len(lamp.filed) == 2


async def test_a_camera_that_is_gone_takes_no_picture_and_says_so(tmp_path):
    async with Lamp(tmp_path) as lamp:
        for file in (tmp_path / "lamp").iterdir():
            file.unlink()
        lamp.driver.choose(eye="right")
        with pytest.raises(OrderRefused, match="nothing was taken"):
            await lamp.driver.take()
        (tmp_path / "lamp" / "a.jpg").write_bytes(picture())
        await lamp.driver.take()

    with pytest.raises(OrderRefused, match="nothing was taken"):
        await lamp.driver.take()
    assert len(lamp.filed) == 1


@pytest.mark.edge("EDGE-393", "A picture taken just before the current failed is filed after the next start.")
async def test_what_a_power_cut_left_is_filed(tmp_path):
    async with Lamp(tmp_path) as lamp:
        left = lamp.link.data
    left.mkdir(parents=True, exist_ok=True)
    (left / "1.jpg").write_bytes(picture())
    (left / "2.dcm").write_bytes(b"made")
    (left / "3.jpg.part").write_bytes(b"half")

    async with Lamp(tmp_path) as lamp:
        assert [file.media_type for file, _ in lamp.filed] == ["image/jpeg", "application/dicom"]


def test_what_cannot_be_wrapped_goes_as_it_is(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xd9")

    file = filed(path, Shot("right", datetime(2026, 3, 4, tzinfo=UTC), "10x"))

    assert (file.path, file.media_type) == (path, "image/jpeg")
    assert (file.about["eye"], file.about["magnification"]) == ("right", "10x")


@pytest.mark.edge(
    "EDGE-394", "A slit lamp's picture becomes a reading with eye, magnification, illumination, blob and thumbnail."
)
async def test_the_reading_says_everything(tmp_path):
    jpeg = tmp_path / "shot.jpg"
    jpeg.write_bytes(picture())
    file = filed(jpeg, Shot("right", datetime(2026, 3, 4, 9, 30, tzinfo=UTC), "16x", "slit"))

    async with Place(tmp_path) as place:
        await filing(place.reception)(file, LAMP, Fitting(lambda: None, "slit_lamp_camera", "1"))
        [reading] = await place.readings()

    assert (reading.laterality, reading.magnification) == ("right", "16x")
    assert reading.illumination == "Fine slit beam direct illumination"
    assert (reading.modality, reading.view, reading.instrument.dialect) == ("OP", "Eye", "slit_lamp_camera")
    assert reading.thumbnail.media_type == "image/jpeg"
    assert reading.blob.media_type == "application/dicom"


async def test_a_link_that_is_no_camera_is_refused():
    ours, _ = null_modem()

    with pytest.raises(LinkRefused, match="no camera"):
        await Driver({}).run(ours, None)


@pytest.mark.parametrize("url", ["/dev/ttyUSB0", "usb-bulk://0c45:7403", "nonsense"])
def test_a_foot_switch_elsewhere_is_refused_before_anything_is_opened(url):
    with pytest.raises(ValueError, match=r"usb-hid|address"):
        Driver({"foot_switch": url})


@pytest.mark.edge(
    "EDGE-446",
    "A foot that stays films a clip where that is set; what the foot does next ends it, and it is filed.",
)
async def test_a_foot_films_a_clip_and_ends_it(tmp_path):
    async with Lamp(tmp_path, long_press="clip", clip_s=60, model="SL-9") as lamp:
        lamp.driver.choose(eye="left", magnification="16x")
        await lamp.driver._pressed(Press.LONG)
        while not list(tmp_path.rglob(f"*{UNFINISHED}")):
            await asyncio.sleep(0.02)
        filming = lamp.driver.scene()["filming"]
        looked = await lamp.driver.look()
        await lamp.driver._pressed(Press.SINGLE)
        file, made = await lamp.next()
        while lamp.driver.scene()["filming"]:
            await asyncio.sleep(0.02)

    clip = read(io.BytesIO(made))
    assert (file.media_type, file.dialect, filming) == (AVI, "slit_lamp_camera", "60")
    assert len(clip.places) >= 1
    assert noted(clip.said) | {"eye": "left", "magnification": "16x", "model": "SL-9"} == noted(clip.said)
    assert looked in lamp.pictures
    assert len(lamp.filed) == 1


async def test_a_picture_that_is_asked_for_while_it_films_comes_after_the_clip(tmp_path):
    async with Lamp(tmp_path, clip_s=60) as lamp:
        lamp.driver.choose(eye="right")
        await lamp.driver.film()
        await asyncio.wait_for(lamp.driver.take(), 10)

    assert [file.media_type for file, _ in lamp.filed] == [AVI, "application/dicom"]


async def test_a_clip_without_an_eye_is_not_begun(tmp_path):
    async with Lamp(tmp_path) as lamp:
        with pytest.raises(OrderRefused, match="no eye"):
            await lamp.driver.film()
        scene = lamp.driver.scene()

    assert (lamp.filed, scene["trouble"], scene["filming"]) == ([], "no_eye", None)


async def test_a_driver_that_ends_while_it_films_leaves_what_the_next_one_files(tmp_path):
    async with Lamp(tmp_path, clip_s=60) as lamp:
        lamp.driver.choose(eye="right")
        await lamp.driver.film()
        while not list(tmp_path.rglob(f"*{UNFINISHED}")):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
    before = list(lamp.filed)

    async with Lamp(tmp_path) as lamp:
        [(file, made)] = lamp.filed

    assert before == []
    assert file.media_type == AVI
    assert noted(read(io.BytesIO(made)).said)["eye"] == "right"


async def test_a_button_takes_a_picture(tmp_path):
    button = tmp_path / "by-id-button"
    os.mkfifo(button)
    end = os.open(button, os.O_RDWR)
    async with Lamp(tmp_path, shutter=str(button)) as lamp:
        while lamp.driver.scene()["shutter"] != "plugged":
            await asyncio.sleep(0.01)
        lamp.driver.choose(eye="left")
        os.write(end, EVENT.pack(0, 0, EV_KEY, KEY_CAMERA, 1))
        file, _ = await lamp.next()
    os.close(end)

    assert file.about["eye"] == "left"


@pytest.mark.edge(
    "EDGE-447", "A clip becomes a reading with eye, time, magnification, number of frames, blob and thumbnail."
)
async def test_the_reading_of_a_clip_says_everything(tmp_path):
    path = tmp_path / "1.avi"
    shot = Shot("right", datetime(2026, 3, 4, 9, 30, tzinfo=UTC), "16x", "slit", "", "SL-9")
    path.write_bytes(clip([bare(picture(seed)) for seed in range(4)], notes(shot)))

    async with Place(tmp_path) as place:
        await filing(place.reception)(filed(path, shot), LAMP, Fitting(lambda: None, "slit_lamp_camera", "1"))
        [reading] = await place.readings()

    assert (reading.laterality, reading.magnification, reading.frames) == ("right", "16x", 4)
    assert reading.illumination == "Fine slit beam direct illumination"
    assert (reading.measured_at, reading.instrument.model) == ("2026-03-04T09:30:00+00:00", "SL-9")
    assert (reading.rows, reading.columns, reading.blob.media_type) == (960, 1280, AVI)
    assert reading.thumbnail.media_type == "image/jpeg"


@pytest.mark.parametrize(
    "settings",
    [{"clip_s": 0}, {"clip_s": 61}, {"clip_s": True}, {"long_press": "dance"}, {"shutter": "/dev/input/event3"}],
)
def test_settings_that_cannot_be_followed_are_refused(settings):
    with pytest.raises(ValueError, match="write"):
        Driver(settings)
