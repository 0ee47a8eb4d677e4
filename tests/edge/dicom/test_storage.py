"""Storage with dcmtk's storescu and, for what it cannot do wrong, with a peer of our own."""

import hashlib
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import generate_uid
from pynetdicom import AE, _config, evt
from pynetdicom.presentation import build_context

from edge.dicom.classes import STORED
from edge.dicom.journal import OTHER_BYTES, QUARANTINE, Journal
from tests.edge.dicom.objects import AXIAL, PDF, PHOTO, TOMOGRAPHY, make
from tests.edge.dicom.peers import Peer, write_config
from tests.edge.test_checks import make as certificate

ELE, ILE, DEFLATED, RLE, JPEG, J2K = (
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.90",
)


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    with Peer(write_config(tmp_path_factory.mktemp("peer"))) as peer:
        yield peer


@pytest.fixture
def journal(peer):
    journal = Journal(peer.data)
    yield journal
    journal.close()


@pytest.fixture
def sending(monkeypatch):
    """Send the bytes of a file as they are; the status."""
    monkeypatch.setattr(_config, "STORE_SEND_CHUNKED_DATASET", True)

    def send(peer, *paths, sop_class=AXIAL, syntax=ELE, change=None):
        entity = AE(ae_title="IOLM700")
        entity.add_requested_context(sop_class, syntax)
        assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
        assert assoc.is_established
        found = [assoc.send_c_store(path) for path in paths]
        assoc.release()
        return [(one.Status, one.get("ErrorComment")) if "Status" in one else None for one in found]

    return send


def held(peer, journal, uid):
    """The one object under a UID, and its file's bytes."""
    (one,) = journal.under(uid)
    return one, journal.file(one.sha).read_bytes()


@pytest.mark.edge("EDGE-302", "A C-ECHO of a known device is answered.")
def test_an_echo_is_answered(peer):
    assert peer.call("echoscu")[1] == 0


@pytest.mark.edge(
    "EDGE-303", "Every storage class of eye care is taken from dcmtk's storescu and lies whole on the disk."
)
def test_every_class_is_stored(peer, journal, tmp_path):
    uids = [make(tmp_path / f"{n:02}.dcm", sop_class) for n, sop_class in enumerate(STORED)]
    said, code = peer.call("storescu", "-R", files=sorted(tmp_path.glob("*.dcm")))
    assert code == 0, said
    for uid, sop_class in zip(uids, STORED, strict=True):
        one, data = held(peer, journal, uid)
        assert (one.sop_class, one.device, one.flag) == (sop_class, "biometer", None)
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (one.sha, one.bytes)
        assert dcmread(journal.file(one.sha)).SOPInstanceUID == uid
    assert peer.landing() == []


@pytest.mark.edge(
    "EDGE-304", "Pictures are taken in the syntax the device insists on, JPEG Baseline included, unchanged."
)
@pytest.mark.parametrize(
    ("made_by", "option", "syntax"),
    [
        (["dcmcjpeg", "+eb"], "-xy", JPEG),
        (["dcmcrle"], "-xr", RLE),
        (["dcmconv", "+td"], "-xd", DEFLATED),
        (["dcmconv", "+ti"], "-xi", ILE),
        (["dcmconv", "+tb"], "-xb", "1.2.840.10008.1.2.2"),
    ],
)
def test_every_syntax_is_stored_as_it_came(peer, journal, tmp_path, made_by, option, syntax):
    uid = make(tmp_path / "plain.dcm", PHOTO, rows=64, Modality="OP")
    tool, *options = made_by
    sent = tmp_path / "sent.dcm"
    subprocess.run([shutil.which(tool), *options, tmp_path / "plain.dcm", sent], check=True, capture_output=True)
    uid = str(dcmread(sent).SOPInstanceUID)
    said, code = peer.call("storescu", "-R", option, files=[sent], ae="CAMERA")
    assert code == 0, said
    one, _ = held(peer, journal, uid)
    assert (one.syntax, one.device) == (syntax, "camera")
    assert dcmread(journal.file(one.sha)).PixelData == dcmread(sent).PixelData


@pytest.mark.edge(
    "EDGE-305", "Who calls us by another title, or is not configured, or calls from elsewhere, is sent away."
)
@pytest.mark.parametrize(
    ("titles", "reason", "words"),
    [
        ({"called": "ARCHIVE"}, "Called AE Title Not Recognized", "called ARCHIVE"),
        ({"ae": "STRANGER"}, "Calling AE Title Not Recognized", "STRANGER"),
        ({"ae": "FARAWAY"}, "Calling AE Title Not Recognized", "not among its hosts"),
    ],
)
def test_strangers_are_sent_away_with_the_right_reason(peer, titles, reason, words):
    said, code = peer.call("echoscu", **titles)
    assert code != 0
    assert reason in said
    assert words in peer.until(lambda heard: words in heard.get("refused", {}).get("why", ""))["refused"]["why"]


@pytest.mark.edge(
    "EDGE-306", "A request to shut down is refused, and a stranger's bytes on the port are answered by an abort."
)
def test_nobody_shuts_the_program_down(peer):
    said, _ = peer.call("termscu")
    assert "No Acceptable Presentation Contexts" in said
    with socket.create_connection(("127.0.0.1", peer.port), 10) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(100)[:6] == bytes.fromhex("070000000004")
    assert peer.call("echoscu")[1] == 0


def test_a_class_that_is_not_known_is_not_agreed_on(peer, tmp_path):
    make(tmp_path / "own.dcm", "1.2.3.4.5")
    entity = AE(ae_title="IOLM700")
    entity.requested_contexts = [build_context("1.2.3.4.5"), build_context("1.2.840.10008.1.1")]
    assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
    assert [one.abstract_syntax for one in assoc.rejected_contexts] == ["1.2.3.4.5"]
    assoc.release()


def cut(path, count):
    path.write_bytes(path.read_bytes()[:-count])


def noise(path, _):
    data = path.read_bytes()
    begins = 144 + int.from_bytes(data[140:144], "little")
    path.write_bytes(data[:begins] + b"\xee" * 500)


@pytest.mark.edge("EDGE-307", "A corrupt object is answered C000, which no device tries again, and leaves nothing.")
@pytest.mark.parametrize(("spoil", "rows"), [(cut, 64), (cut, 0), (noise, 0)])
def test_a_corrupt_object_is_not_understood(peer, journal, tmp_path, sending, spoil, rows):
    path = tmp_path / "bad.dcm"
    uid = make(path, rows=rows)
    spoil(path, 7)
    before = peer.spool()
    ((status, comment),) = sending(peer, path)
    assert (status, bool(comment)) == (0xC000, True)
    assert (peer.spool(), peer.landing(), journal.under(uid)) == (before, [], [])


@pytest.mark.edge("EDGE-308", "An object without what its class must have, or other than announced, is answered A900.")
@pytest.mark.parametrize("lacking", ["StudyInstanceUID", "SeriesInstanceUID"])
def test_an_object_without_its_identifiers_does_not_match(peer, tmp_path, sending, lacking):
    make(tmp_path / "one.dcm")
    data = dcmread(tmp_path / "one.dcm")
    del data[lacking]
    data.save_as(tmp_path / "one.dcm")
    ((status, comment),) = sending(peer, tmp_path / "one.dcm")
    assert (status, comment) == (0xA900, f"{lacking} is absent or no UID.")
    assert peer.landing() == []


def test_an_object_that_is_not_the_one_announced_does_not_match(peer, tmp_path, sending):
    make(tmp_path / "one.dcm")
    data = dcmread(tmp_path / "one.dcm")
    data.SOPInstanceUID = generate_uid()
    data.save_as(tmp_path / "one.dcm", enforce_file_format=False)
    ((status, _),) = sending(peer, tmp_path / "one.dcm")
    assert status == 0xA900


@pytest.mark.edge(
    "EDGE-309", "The same object again is success and stored once; other bytes under its number are kept and flagged."
)
def test_duplicates(peer, journal, tmp_path, sending):
    uid = make(tmp_path / "one.dcm", PatientComments="first")
    make(tmp_path / "two.dcm", uid=uid, PatientComments="second")
    found = sending(peer, tmp_path / "one.dcm", tmp_path / "one.dcm", tmp_path / "two.dcm")
    assert [status for status, _ in found] == [0, 0, 0]
    newest, first = journal.under(uid)
    assert (first.flag, newest.flag) == (None, OTHER_BYTES)
    assert dcmread(journal.file(first.sha)).PatientComments == "first"
    assert dcmread(journal.file(newest.sha)).PatientComments == "second"


BROKEN = """
from edge.dicom.journal import Journal
def broken(trouble):
    def raises(*_):
        raise trouble
    return raises
"""


@pytest.mark.edge("EDGE-310", "Whatever goes wrong here is answered A7xx, so that the device tries again.")
@pytest.mark.parametrize(
    "patch",
    [
        "from edge.dicom import journal\nJournal.add = broken(journal.sqlite3.OperationalError('disk I/O error'))",
        "Journal.has = broken(ZeroDivisionError)",
        "import pathlib\npathlib.Path.rename = broken(OSError(5, 'I/O error'))",
    ],
)
def test_our_own_troubles_are_tried_again(tmp_path, sending, patch):
    make(tmp_path / "one.dcm")
    with Peer(write_config(tmp_path), BROKEN + patch) as peer:
        ((status, comment),) = sending(peer, tmp_path / "one.dcm")
        assert (status, comment) == (0xA700, "The gateway could not store it; try again.")
        assert peer.landing() == []
        assert b"Zhang" not in (peer.data / "log").read_bytes()


@pytest.mark.edge("EDGE-311", "A full disk is answered A700 and leaves nothing half stored; the association goes on.")
@pytest.mark.parametrize("how", ["floor", "limit"])
def test_a_full_disk(tmp_path, sending, how):
    patch = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))" if how == "limit" else ""
    make(tmp_path / "large.dcm", TOMOGRAPHY, rows=512, frames=16)
    make(tmp_path / "small.dcm", TOMOGRAPHY)
    config = write_config(tmp_path, floor=0 if how == "limit" else 1 << 40)
    with Peer(config, patch) as peer:
        large, small = sending(peer, tmp_path / "large.dcm", tmp_path / "small.dcm", sop_class=TOMOGRAPHY)
        assert large[0] == 0xA700
        assert small[0] == (0 if how == "limit" else 0xA700)
        assert peer.landing() == []
        assert len(peer.spool()) == (how == "limit")


@pytest.mark.edge("EDGE-312", "A device that is cut off in the middle of a file leaves nothing.")
def test_an_abort_in_mid_file(peer, journal, tmp_path, monkeypatch):
    monkeypatch.setattr(_config, "STORE_SEND_CHUNKED_DATASET", True)
    uid = make(tmp_path / "large.dcm", TOMOGRAPHY, rows=1024, frames=32)
    entity = AE(ae_title="IOLM700")
    entity.add_requested_context(TOMOGRAPHY, ELE)
    seen = []

    def after_some(event):
        seen.append(event)
        if len(seen) == 40:
            event.assoc.dul.socket.socket.shutdown(socket.SHUT_RDWR)

    before = peer.spool()
    assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY", evt_handlers=[(evt.EVT_PDU_SENT, after_some)])
    assoc.send_c_store(tmp_path / "large.dcm")
    assoc.abort()
    assert peer.call("echoscu")[1] == 0
    for _ in range(200):
        if not peer.landing():
            break
        peer.call("echoscu")
    assert (peer.landing(), peer.spool(), journal.under(uid)) == ([], before, [])


@pytest.mark.edge(
    "EDGE-313", "Where quarantine is on, a maker's own class is taken and flagged; a shutdown class never is."
)
def test_quarantine(tmp_path, sending):
    uid = make(tmp_path / "own.dcm", "1.2.3.4.5")
    with Peer(write_config(tmp_path, quarantine=True)) as peer:
        assert sending(peer, tmp_path / "own.dcm", sop_class="1.2.3.4.5") == [(0, None)]
        journal = Journal(peer.data)
        (one,) = journal.under(uid)
        journal.close()
        assert one.flag == QUARANTINE
        assert "No Acceptable Presentation Contexts" in peer.call("termscu")[0]


def test_a_device_gets_the_pdu_size_it_can_bear(peer):
    sizes = {}
    for ae in ("IOLM700", "CAMERA"):
        entity = AE(ae_title=ae)
        entity.add_requested_context("1.2.840.10008.1.1")
        assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
        sizes[ae] = assoc.acceptor.maximum_length
        assoc.release()
    assert sizes == {"IOLM700": 131072, "CAMERA": 16384}


def test_objects_come_in_pieces_through_the_disk_and_many_at_once(peer, journal, tmp_path, sending):
    """Fact 1: with the library's whole data sets in memory 200 MB cost 624 MB."""
    uid = make(tmp_path / "large.dcm", TOMOGRAPHY, rows=1024, frames=128)
    status = (peer.process.pid, "VmHWM")
    before = memory(*status)
    assert [one[0] for one in sending(peer, tmp_path / "large.dcm", sop_class=TOMOGRAPHY)] == [0]
    assert memory(*status) - before < 40_000
    assert held(peer, journal, uid)[0].bytes > 128 << 20


def memory(pid, what):
    """kB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


def test_a_pdf_and_a_photograph_over_one_association(peer, journal, tmp_path):
    uids = [make(tmp_path / f"{n}.dcm", sop_class) for n, sop_class in enumerate((PDF, PHOTO))]
    assert peer.call("storescu", "-R", files=sorted(tmp_path.glob("*.dcm")))[1] == 0
    assert [len(journal.under(uid)) for uid in uids] == [1, 1]


@pytest.mark.edge("EDGE-325", "Nothing of a patient is in the log of the DICOM program, however odd the object.")
@pytest.mark.filterwarnings("ignore")
def test_no_patient_is_in_the_log(peer, tmp_path, sending):
    make(tmp_path / "odd.dcm", PatientBirthDate="Zhang 1980", PatientID="Zhang\\Zhang")
    data = (tmp_path / "odd.dcm").read_bytes().replace(b"1.2.826", b"Zhang..")
    (tmp_path / "odd.dcm").write_bytes(data)
    sending(peer, tmp_path / "odd.dcm")
    peer.call("findscu", "-W", "-k", "0010,0010=Zhang*", "-k", "0010,0030=Zhang")
    assert b"Zhang" not in (peer.data / "log").read_bytes()


@pytest.mark.edge("EDGE-326", "Four devices that send at once each get their success, and every object is whole.")
def test_four_at_once(peer, journal, tmp_path):
    uids = [make(tmp_path / f"{n}.dcm", TOMOGRAPHY, rows=512, frames=40) for n in range(4)]
    tool = [shutil.which("storescu"), "-R", "-aet", "IOLM700", "-aec", "GATEWAY", "127.0.0.1", str(peer.port)]
    sending = [subprocess.Popen([*tool, tmp_path / f"{n}.dcm"]) for n in range(4)]
    assert [one.wait(60) for one in sending] == [0, 0, 0, 0]
    for uid in uids:
        one, data = held(peer, journal, uid)
        assert hashlib.sha256(data).hexdigest() == one.sha


@pytest.mark.edge(
    "EDGE-327", "With a certificate the program speaks TLS, and with an authority it lets in only whom that signed."
)
def test_tls(tmp_path):
    root = certificate(tmp_path, "root", ca=True)
    certificate(tmp_path, "localhost", root)
    certificate(tmp_path, "device", root)
    certificate(tmp_path, "stranger")
    files = 'certificate = "localhost.pem"\nkey = "localhost.key"\nca = "root.pem"'
    with Peer(write_config(tmp_path, tls=files)) as peer:
        assert echo(peer.port, context(tmp_path, "device")) == 0
        assert is_hung_up_on(peer.port, context(tmp_path, "stranger"))
        assert peer.call("echoscu")[1] != 0


def context(folder, name):
    context = ssl.create_default_context(cafile=folder / "root.pem")
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


def echo(port, context):
    """Whether an association over TLS answers."""
    entity = AE(ae_title="IOLM700")
    entity.add_requested_context("1.2.840.10008.1.1")
    assoc = entity.associate("127.0.0.1", port, ae_title="GATEWAY", tls_args=(context, "localhost"))
    status = assoc.send_c_echo()
    assoc.release()
    return status.Status


def is_hung_up_on(port, context):
    """Whether the other end ends it when it sees the certificate."""
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        try:
            return line.recv(1) == b""
        except (ssl.SSLError, ConnectionError):
            return True
