"""Every file of the shared collection: through gateway, broker and intake into a record, held against its own header.

The witness is pydicom's reading of the sample (and the text of the exports), never ours. Files that hold no value of
an eye are named with what must become of them; files that are no export of an instrument with why they stay out.
"""

import base64
import io
import json
import re
import shutil
import struct
import subprocess
from decimal import Decimal
from pathlib import Path

import pydicom
import pytest

from deploy.demo.children import free_port
from deploy.demo.store import configure
from tests.journeys.desk import until

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "imaging"
pytestmark = [
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples of imaging are not on this machine"),
    pytest.mark.skipif(shutil.which("storescu") is None, reason="dcmtk is not installed here"),
    pytest.mark.timeout(600),
]

KINDS = {
    "iolmaster500_a_nopixels.dcm": {"image", "biometry"},
    "synthetic-oam.dcm": {"document", "biometry"},
    "synthetic-opv.dcm": {"document", "visual_field"},
    "synthetic-op8.dcm": {"image"},
    "synthetic-opt.dcm": {"image"},
    "synthetic-ctm.dcm": {"image"},
    "synthetic-pdf.dcm": {"document"},
    # no eye: kept as the picture they are, in the tray under the name and number they carry
    **{f"charset-chr{name}.dcm": {"image"} for name in ("H31", "I2", "X1", "X2")},
    "sc-deflated.dcm": {"image"},
}
REFUSED = {"mr-jpeg2000-lossless.dcm": "magnetic resonance is no class of eye care: no context, nothing kept"}
FOLDERS = {
    "hfa-fmes-left-01.fmes": ("hfa", {"document", "visual_field", "image"}),
    "hfa-fmes-right-03.fmes": ("hfa", {"document", "visual_field", "image"}),
    "heyex-synthetic-10x40x50.vol": ("heyex", {"image"}),
    "cso-K01.txt": ("cso", {"topography"}),
    "cso-N01.txt": ("cso", {"topography"}),
    "cso-S01.txt": ("cso", {"topography"}),
}
NO_EXPORTS = {
    "MANIFEST.md": "where the files come from",
    "mediworks-al550-export-fields.md": "a maker's note; its example is posted in tests/edge/drivers/mediworks_al550",
    "mediworks-al550-getPatients.md": "a maker's note; its list is pulled in tests/edge/drivers/mediworks_al550",
    "hfa-24-2-coordinates.csv": "a table of places of a test pattern",
    "openeyes-vf-ophinvisualfields_pattern.csv": "a list of codes",
    "openeyes-vf-ophinvisualfields_strategy.csv": "a list of codes",
    "rpaci-ds1.csv": "a computed table of points, of no instrument",
}
SYNTAXES = {"sc-deflated.dcm": ["-xd"], "mr-jpeg2000-lossless.dcm": ["-xv"]}
DEVICES = """
[dicom]
bind = "127.0.0.1:{port}"
ae_title = "GATEWAY"
[[dicom.device]]
name = "anything"
ae_title = "SAMPLES"
hosts = ["127.0.0.1"]
"""
FOLDER = """
[[instrument]]
name = "{name}"
family = "{family}"
url = "{url}"
"""
URLS = {
    "hfa": ("hfa_fmes", "files://{}?match=*.fmes"),
    "heyex": ("heyex_vol", "files://{}?match=*.vol"),
    "cso": ("cso_text", "folder://{}?match=*.txt"),
}
OF_OBJECT = """
    SELECT body FROM readings_reading WHERE body::json #>> '{extra,SOPInstanceUID}' = :uid ORDER BY epoch, seq
"""
OF_FILE = """
    SELECT body FROM readings_reading WHERE body::json #>> '{integrity,raw_sha256}' = ANY(:digests) ORDER BY epoch, seq
"""
MADE = "SELECT state, why, about FROM imaging_original WHERE sha256 = :digest"
PATIENT = "H-1001"


class Room:
    """The desk's store, where everything arrives."""

    def __init__(self, desk):
        self.desk, self.port = desk, free_port()
        parts = desk.parts
        config = configure(parts.folder, parts.broker_port, parts.console_port)
        said = DEVICES.format(port=self.port)
        for name, (family, url) in URLS.items():
            (parts.folder / name).mkdir()
            said += FOLDER.format(name=name, family=family, url=url.format(parts.folder / name))
        config.write_text(config.read_text() + said)
        parts.children.start("gateway", ["gateway", "run", "--config", str(config)])
        until(lambda: desk.listening("lensmeter", *URLS), 120)
        until(lambda: self._call("echoscu")[1] == 0, 120)
        self.alice = desk.sign_in("alice@harbour.example")
        self.patient = desk.patient(PATIENT)

    def send(self, name):
        """A device sends a file, proposing what it is written in."""
        return self._call("storescu", "-R", *SYNTAXES.get(name, []), files=(SAMPLES / name,))

    def readings(self, name):
        """What the record has of a file; waits until it is all there."""
        kinds = KINDS.get(name) or FOLDERS[name][1]
        until(lambda: {one["kind"] for one in self.found(name)} >= kinds, 120)
        return self.found(name)

    def found(self, name):
        """What the record has of a file by now."""
        if name.endswith(".dcm"):
            uid = pydicom.dcmread(SAMPLES / name, stop_before_pixels=True).SOPInstanceUID
            rows = self.desk.rows(OF_OBJECT, uid=uid)
        else:
            rows = self.desk.rows(OF_FILE, digests=digests(SAMPLES / name))
        return [json.loads(row.body) for row in rows]

    def file(self, reading):
        """Somebody says whose it is."""
        self.alice.send(f"/readings/{reading['reading_id']}/file", patient_id=str(self.patient))

    def made(self, reading):
        """What the worker made of its picture; waits until it is done with it."""
        done = lambda: [row for row in self._state(reading) if row.state in ("ready", "failed")]  # noqa: E731
        return until(done, 180)[0]

    def original(self, reading):
        """The picture's file, downloaded from its page."""
        return self.alice.download(f"/patients/{self.patient}/pictures/{reading['reading_id']}/original")

    def _state(self, reading):
        return self.desk.rows(MADE, digest=reading["blob"]["sha256"])

    def _call(self, tool, *options, files=()):
        words = [tool, "-v", "-aet", "SAMPLES", "-aec", "GATEWAY", *options, "127.0.0.1", str(self.port)]
        done = subprocess.run([*words, *map(str, files)], capture_output=True, timeout=120, check=False)
        return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace"), done.returncode


def digests(path):
    """Of a file, and of the pictures inside an old field."""
    import hashlib

    raw = path.read_bytes()
    inside = [base64.b64decode(one) for one in re.findall(rb'<image_scan\w*_data\b[^>]*?value="([^"]+)"', raw)]
    return [hashlib.sha256(one).hexdigest() for one in (raw, *inside)]


@pytest.fixture(scope="module")
def room(desk):
    desk.parts.children.end("gateway")
    room = Room(desk)
    yield room
    desk.parts.children.end("gateway")
    desk.parts.gateway()
    until(lambda: desk.listening("ark", "tonoref", "lensmeter", "rt"))


@pytest.fixture(scope="module")
def sent(room):
    """Everything on its way at once: what storescu said of each file, by name."""
    for name, (folder, _kinds) in FOLDERS.items():
        shutil.copyfile(SAMPLES / name, room.desk.parts.folder / folder / name)
    return {name: room.send(name) for name in (*KINDS, *REFUSED)}


def test_no_file_of_the_collection_is_left_out():
    spoken = {*KINDS, *REFUSED, *FOLDERS, *NO_EXPORTS}
    assert spoken == {path.name for path in SAMPLES.iterdir()}


def close(told, *witnesses):
    """Whether a figure of the record is one of the header's, as far as it is written out."""
    figure = Decimal(told)
    return any(abs(float(figure) - one) <= 0.5 * 10.0 ** int(figure.as_tuple().exponent) for one in witnesses)


def figures(dataset, *tags):
    """Every figure under these tags, however deep; makers' own as the doubles they are."""
    found = []
    for element in dataset.iterall():
        if element.tag in tags:
            value = element.value
            if isinstance(value, bytes):
                found += struct.unpack(f"<{len(value) // 8}d", value)
            else:
                found += map(float, value if isinstance(value, pydicom.multival.MultiValue) else [value])
    return found


@pytest.mark.edge("EDGE-432", "What a header says of a picture is in the record; its file is the one that was sent.")
@pytest.mark.parametrize("name", KINDS)
def test_what_the_header_says_is_in_the_record(room, sent, name):
    assert sent[name][1] == 0, sent[name][0]
    head = pydicom.dcmread(SAMPLES / name)
    told = room.readings(name)
    first = told[0]

    assert {one["kind"] for one in told} == KINDS[name]
    assert all(one["order"]["study_uid"] == head.StudyInstanceUID for one in told)
    assert (first.get("patient_ref") or {}).get("id", "") == (head.PatientID or "")
    assert (first.get("patient_ref") or {}).get("name", "") == str(head.PatientName).strip("^=")
    if first["kind"] == "image":
        wanted = {"rows": head.Rows, "columns": head.Columns, "frames": head.get("NumberOfFrames")}
        assert {key: first.get(key) for key in wanted} | {"frames": first.get("frames")} == wanted
        sides = {"R": "right", "L": "left", "B": "both"}
        assert first.get("laterality") == sides.get(head.get("ImageLaterality") or head.get("Laterality"))

    room.file(first)
    room.made(first)
    kept = pydicom.dcmread(io.BytesIO(room.original(first)))
    assert _public(kept) == _public(head)


def _public(dataset):
    """Without makers' own sequences, whose lengths dcmtk writes anew; their figures are held against the sample."""
    dataset.remove_private_tags()
    return dataset


AXIAL, PRIVATE_AXIAL = (0x00221019,), (0x771B1043,)


@pytest.mark.parametrize("side", ["right", "left"])
def test_the_lengths_of_an_eye_are_those_of_its_part_of_the_object(room, sent, side):
    head = pydicom.dcmread(SAMPLES / "synthetic-oam.dcm")
    part = head[f"OphthalmicAxialMeasurements{side.title()}EyeSequence"].value[0]
    eye = next(one for one in room.readings("synthetic-oam.dcm") if one["kind"] == "biometry")[side]

    said = figures(part, *AXIAL)
    assert [close(eye[key], *said) for key in ("axial_length_mm", "acd_mm", "lens_thickness_mm")] == [True] * 3
    assert close(eye["cct_um"], *(1000 * one for one in said))
    assert close(eye["snr"], *figures(part, 0x0040A30A))


@pytest.mark.parametrize(("side", "letter"), [("right", b"R"), ("left", b"L")])
def test_a_real_biometers_own_means_are_in_the_record(room, sent, side, letter):
    head = pydicom.dcmread(SAMPLES / "iolmaster500_a_nopixels.dcm")
    eye = next(one for one in room.readings("iolmaster500_a_nopixels.dcm") if one["kind"] == "biometry")[side]
    parts = [one for one in head[0x771B1030].value if _letter(one) == letter]

    assert close(eye["axial_length_mm"], *(one for part in parts for one in figures(part, *PRIVATE_AXIAL)))
    assert close(eye["snr"], *(one for part in parts for one in figures(part, 0x771B1044)))
    singles = [one for part in parts for one in figures(part, 0x771B100B)]
    assert [close(one["axial_length_mm"], *singles) for one in eye["readings"]] == [True] * len(singles)


def _letter(part):
    value = part[0x771B1008].value
    return (value if isinstance(value, bytes) else value.encode()).strip()


def test_a_field_has_its_figures_and_what_was_not_seen_has_none(room, sent):
    head = pydicom.dcmread(SAMPLES / "synthetic-opv.dcm")
    field = next(one for one in room.readings("synthetic-opv.dcm") if one["kind"] == "visual_field")
    right = field["right"]

    assert (head.MeasurementLaterality, "left" in field) == ("R", False)
    tags = {"md_db": 0x00240066, "psd_db": 0x00240068, "foveal_db": 0x00240087, "duration_s": 0x00240088}
    assert [key for key, tag in tags.items() if not close(right[key], *figures(head, tag))] == []
    points = [(float(one["x"]), float(one["y"]), one["seen"], one.get("db")) for one in right["points"]]
    wanted = [_point(one) for one in head.VisualFieldTestPointSequence]
    assert [(x, y, seen, None if db is None else float(db)) for x, y, seen, db in points] == wanted


def _point(one):
    seen = one.StimulusResults == "SEEN"
    x, y = float(one.VisualFieldTestPointXCoordinate), float(one.VisualFieldTestPointYCoordinate)
    return x, y, seen, float(one.SensitivityValue) if seen else None


@pytest.mark.parametrize("name", [name for name, kinds in KINDS.items() if "image" in kinds])
def test_a_picture_is_shown_as_many_times_as_it_has_frames(room, sent, name):
    head = pydicom.dcmread(SAMPLES / name)
    made = room.made(room.readings(name)[0])

    if "PixelData" not in head:
        assert (made.state, made.why) == ("failed", "no_pixels")
    else:
        assert (made.state, made.why) == ("ready", None)
        assert made.about["frames"] == int(head.get("NumberOfFrames") or 1)
        assert (made.about["rows"], made.about["columns"]) == (head.Rows, head.Columns)


def dumped(name, tag):
    """The figures that dcmdump prints of a tag, as a person would write them down."""
    said = subprocess.run(["dcmdump", "+P", tag, str(SAMPLES / name)], capture_output=True, check=True).stdout
    found = re.findall(rb"^\([0-9a-f,]+\) F[LD] ([-\d.\\]+)", said, re.MULTILINE)
    return [f"{float(one):.2f}".rstrip("0").rstrip(".") for one in found]


SEEN = {"synthetic-oam.dcm": ["0022,1019"], "synthetic-opv.dcm": ["0024,0066", "0024,0068"]}


@pytest.mark.browser
def test_a_person_sees_on_the_page_what_the_dump_of_the_header_says(room, sent, tmp_path):
    from playwright.sync_api import sync_playwright

    from tests.browser.looking import CHROMIUM, FLAGS
    from tests.browser.looking import until as until_it_shows

    for name in SEEN:
        for reading in room.readings(name):
            room.file(reading)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.context.add_cookies(room.alice.cookies())
        page.goto(f"{room.desk.address}/patients/{room.patient}")
        page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
        until_it_shows(page, "[...document.images].every(one => one.complete && one.naturalWidth)")
        shown = page.inner_text("main").replace("\u2212", "-")
        page.screenshot(path=tmp_path / "record.png", full_page=True)

    figures_there = [one for name, tags in SEEN.items() for tag in tags for one in dumped(name, tag)]
    lengths = [one for one in figures_there if abs(float(one)) >= 1]  # a cornea is shown in micrometres
    assert len(lengths) == 10
    assert [one for one in lengths if one not in shown] == []
    assert "unknown" not in shown


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_examination_of_an_eye_is_refused_and_leaves_nothing(room, sent, name):
    said, code = sent[name]

    assert code != 0
    assert "No presentation context" in said or "No Acceptable Presentation Contexts" in said
    assert room.found(name) == []


@pytest.mark.parametrize("name", [name for name, (folder, _) in FOLDERS.items() if folder == "hfa"])
def test_an_old_field_comes_with_its_printed_page(room, sent, name):
    said = dict(re.findall(r'<(\w+) value="([^"]{0,99})"', (SAMPLES / name).read_text("latin-1")))
    told = room.readings(name)
    field = next(one for one in told if one["kind"] == "visual_field")
    pages = [one for one in told if one["kind"] == "image"]

    assert field["patient_ref"]["id"] == said["patient_id"]
    assert field["measured_at"] == said["study_datetime"].replace(" ", "T").removesuffix(".000")
    assert {"R": "right", "L": "left"}[said["eye"]] in field
    assert f"{field['test']} " in said["pattern"]
    assert len(pages) == 2
    assert [room.made(one).state for one in pages] == ["ready", "ready"]


def test_a_volume_has_the_slices_its_head_names(room, sent):
    raw = (SAMPLES / "heyex-synthetic-10x40x50.vol").read_bytes()
    width, slices, height = struct.unpack_from("<3I", raw, 12)
    (image,) = room.readings("heyex-synthetic-10x40x50.vol")

    assert (image["columns"], image["frames"], image["rows"]) == (width, slices, height)
    made = room.made(image)
    assert (made.state, made.about["frames"], made.about["rows"], made.about["columns"]) == (
        "ready",
        *(slices, height, width),
    )


@pytest.mark.parametrize("name", [name for name, (folder, _) in FOLDERS.items() if folder == "cso"])
def test_a_map_has_its_meridians_and_no_eye_before_somebody_says_which_is_true(room, sent, name):
    said = re.findall(r"K([12]) = ([\d,]+) D @ (\d+)", (SAMPLES / name).read_text("utf-8"))
    (reading,) = room.readings(name)

    told = reading["unassigned"]
    assert [(at, told[f"k{at}"]["power_d"], told[f"k{at}"]["axis"]) for at in ("1", "2")] == [
        (at, power.replace(",", "."), int(axis)) for at, power, axis in said[:2]
    ]
