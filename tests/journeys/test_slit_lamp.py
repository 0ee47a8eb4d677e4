"""A foot on a pedal at a slit lamp: through gateway, broker and intake into the record of whoever sits there."""

import hashlib
import io
import json
import time
from datetime import datetime

import pydicom
import pytest

from deploy.demo.store import configure
from edge.blobs.store import Store
from firmware_sim.slit_lamp_camera import filled
from tests.journeys.desk import until
from tests.journeys.plugged import Foot

LAMP = """
[[instrument]]
name = "lamp"
family = "slit_lamp_camera"
url = "pictures://{folder}"
lane = "Lane 1"
settings = {{ foot_switch = "usb-hid://0c45:7403", model = "SL-9", long_press = "clip", clip_s = 60 }}

[[instrument]]
name = "puffer"
family = "keeler"
model = "TonoCare"
url = "usb-bulk://1209:0001:SIM0001"
lane = "Lane 1"
"""
TAKEN = """
    SELECT r.body, f.patient_id FROM readings_reading r LEFT JOIN LATERAL (
        SELECT * FROM readings_filing f WHERE f.reading_id = r.reading_id ORDER BY id DESC LIMIT 1) f ON true
    WHERE r.body::json ->> 'kind' = 'image' AND r.body::json #>> '{instrument,dialect}' = 'slit_lamp_camera'
    ORDER BY r.epoch, r.seq
"""

FRAMES = """
    SELECT d.number FROM imaging_rendition d JOIN imaging_original o ON o.id = d.original_id
    WHERE o.sha256 = :digest AND d.kind = 'frame' ORDER BY d.number
"""
KEPT = "SELECT sha256 FROM blobs_blob WHERE sha256 = ANY(:digests)"


@pytest.fixture(scope="module")
def foot(desk):
    parts = desk.parts
    pictures = filled(parts.folder / "lamp", 2)
    parts.children.end("gateway")
    path = configure(parts.folder, parts.broker_port, parts.console_port)
    path.write_text(path.read_text() + LAMP.format(folder=parts.folder / "lamp"))
    where = parts.folder / "foot.sock"
    words = [str(where), "gateway", "run", "--config", str(path)]
    parts.children.start("gateway", words, module="tests.journeys.plugged")
    until(lambda: desk.listening("ark", "lamp", "puffer"))
    foot = Foot(where)
    foot.pictures = pictures
    yield foot
    parts.children.end("gateway")
    desk.parts.gateway()
    until(lambda: desk.listening("ark", "tonoref", "lensmeter", "rt"))


def seconds(iso):
    return datetime.fromisoformat(iso).timestamp()


@pytest.fixture
def per_in_lane_1(desk):
    alice = desk.sign_in("alice@harbour.example")
    per = desk.patient("H-1003")
    alice.press(alice.get(f"/patients/{per}"), "/seat?lane=Lane")
    yield per
    alice.press(alice.get(f"/patients/{per}"), "/seats/leave")


@pytest.mark.edge(
    "EDGE-395",
    "A foot switch pressed at a slit lamp puts a picture with eye and time into the record of whoever sits there.",
)
def test_a_foot_puts_a_picture_with_its_eye_into_the_record(desk, foot, per_in_lane_1):
    foot.press(1)  # no eye is chosen yet: nothing is taken
    foot.press(2)  # right
    foot.press(1)
    [row] = until(lambda: desk.rows(TAKEN))
    reading = json.loads(row.body)

    assert (reading["laterality"], reading["view"], reading["modality"]) == ("right", "Eye", "OP")
    assert -5 < seconds(reading["received_at"]) - seconds(reading["measured_at"]) < 30
    assert reading["instrument"]["model"] == "SL-9"
    until(lambda: [row.patient_id for row in desk.rows(TAKEN)] == [per_in_lane_1])


@pytest.mark.edge("EDGE-396", "The cloud keeps a slit lamp's picture and its thumbnail; inside is the camera's JPEG.")
def test_the_picture_and_its_small_picture_are_kept(desk, foot):
    reading = json.loads(until(lambda: desk.rows(TAKEN))[0].body)
    digests = [reading["blob"]["sha256"], reading["thumbnail"]["sha256"]]
    until(lambda: len(desk.rows(KEPT, digests=digests)) == 2)
    store = Store(desk.parts.folder / "gateway")
    made = store.path(digests[0]).read_bytes()
    store.close()

    assert foot.pictures[0] in made
    assert pydicom.dcmread(io.BytesIO(made), stop_before_pixels=True).ImageLaterality == "R"
    assert hashlib.sha256(made).hexdigest() == digests[0]


@pytest.mark.edge(
    "EDGE-397", "A foot switch pulled out and plugged in again goes on taking pictures; the camera never stopped."
)
def test_a_foot_switch_is_pulled_out_and_plugged_in(desk, foot):
    foot.do("unplug")
    foot.do("plug")
    until(lambda: foot.do("held") == "yes")
    foot.press(2)  # left
    foot.press(1)
    until(lambda: len(desk.rows(TAKEN)) == 2)
    readings = [json.loads(row.body) for row in desk.rows(TAKEN)]

    assert [reading["laterality"] for reading in readings] == ["right", "left"]
    assert desk.listening("lamp")


@pytest.mark.edge(
    "EDGE-453", "A clip filmed by a long press stands in the record with eye, time and frames, and the viewer has each."
)
def test_a_long_press_films_a_clip_into_the_record(desk, foot, per_in_lane_1):
    foot.hold()
    time.sleep(1)
    foot.press(1)
    until(lambda: len(desk.rows(TAKEN)) == 3)
    row = desk.rows(TAKEN)[-1]
    reading = json.loads(row.body)
    made = lambda: [one.number for one in desk.rows(FRAMES, digest=reading["blob"]["sha256"])]  # noqa: E731
    until(lambda: len(made()) == reading["frames"])

    assert (reading["laterality"], reading["blob"]["media_type"]) == ("left", "video/x-msvideo")
    assert reading["frames"] > 1
    assert -5 < seconds(reading["received_at"]) - seconds(reading["measured_at"]) < 60
    assert made() == list(range(reading["frames"]))
    until(lambda: desk.rows(TAKEN)[-1].patient_id == per_in_lane_1)


@pytest.mark.edge(
    "EDGE-454", "What a USB instrument measures stands in the record of whoever sits in its lane, from any port."
)
def test_a_usb_instruments_values_are_in_the_record_from_any_port(desk, foot, per_in_lane_1):
    first = bytes.fromhex(foot.do("puff"))
    before = desk.arrived(first)
    foot.do("move")
    until(lambda: not desk.listening("puffer"))
    until(lambda: desk.listening("puffer"))
    second = bytes.fromhex(foot.do("puff"))
    after = desk.arrived(second)

    assert {reading["kind"] for reading in (*before, *after)} == {"tonometry"}
    assert first != second
    until(lambda: {patient for patient, *_ in desk.filed(first) | desk.filed(second)} == {per_in_lane_1})
