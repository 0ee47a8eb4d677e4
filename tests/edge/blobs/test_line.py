"""The way over HTTPS: what each answer means, whom it believes, how fast it goes, and that it can be stopped."""

import contextlib
import http.server
import shutil
import ssl
import subprocess
import threading
import time

import pytest

from edge.blobs import trust
from edge.blobs.line import Away, Elsewhere, Line, Refused, TicketOver, Unreadable
from edge.blobs.pace import Pace

MIB = 1 << 20
DATA = bytes(range(256)) * 8192


class Cloud(http.server.BaseHTTPRequestHandler):
    """Answers as it is told."""

    protocol_version = "HTTP/1.1"

    def do_PATCH(self):
        self.server.heard.append((self.path, dict(self.headers)))
        if self.server.reads:
            self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._say()

    def do_HEAD(self):
        self.server.heard.append((self.path, dict(self.headers)))
        self._say()

    def _say(self):
        status, headers = self.server.answer
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        if not self.server.reads:
            self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = not self.server.reads

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(tls=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cloud)
    server.heard, server.bodies, server.answer, server.reads = [], [], (204, {"Upload-Offset": "5"}), True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.url = f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}/gateways/v1/blobs/aa"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def cloud():
    with serving() as server:
        yield server


@pytest.fixture
def line():
    line = Line(lambda: trust.context(None), Pace(0))
    yield line
    line.close()
    line._drop()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "blob"
    path.write_bytes(DATA)
    return path


def test_a_piece_goes_from_its_offset_with_its_ticket(cloud, line, file):
    cloud.answer = (204, {"Upload-Offset": "100"})
    assert line.append(cloud.url, "secret", 7, file, 93) == (100, False)
    [(path, headers)] = cloud.heard
    assert (path, headers["Authorization"], headers["Upload-Offset"]) == ("/gateways/v1/blobs/aa", "Bearer secret", "7")
    assert cloud.bodies == [DATA[7:100]]


def test_the_last_piece_says_that_all_is_kept(cloud, line, file):
    cloud.answer = (200, {"Upload-Offset": str(len(DATA))})
    assert line.append(cloud.url, "t", 0, file, len(DATA)) == (len(DATA), True)


def test_several_pieces_go_over_one_connection(cloud, line, file):
    for _ in range(3):
        line.append(cloud.url, "t", 0, file, 10)
    assert line.stands(cloud.url, "t") == 5
    assert line._connection is not None


@pytest.mark.parametrize(
    ("status", "headers", "refusal"),
    [
        *((410, {}, TicketOver), (413, {}, Refused), (422, {}, Refused), (503, {}, Away), (500, {}, Away)),
        *((404, {}, Away), (204, {}, Away), (302, {"Location": "http://else.where/"}, Away)),
        (409, {"Upload-Offset": "9"}, Elsewhere),
    ],
)
@pytest.mark.parametrize("reads", [True, False], ids=["at the end", "at once"])
def test_what_each_answer_means(cloud, line, file, status, headers, refusal, reads):
    cloud.answer, cloud.reads = (status, headers), reads
    with pytest.raises(refusal):
        line.append(cloud.url, "t", 0, file, len(DATA))


def test_nobody_there_is_tried_later(line, file):
    with pytest.raises(Away):
        line.append("http://127.0.0.1:1/x", "t", 0, file, 10)


def test_a_file_that_became_shorter_is_not_made_up(cloud, line, file):
    cloud.reads = False
    with pytest.raises(Unreadable):
        line.append(cloud.url, "t", len(DATA) - 5, file, 10)
    with pytest.raises(Unreadable):
        line.append(cloud.url, "t", 0, file.with_name("gone"), 10)


@pytest.mark.edge("EDGE-347", "Blobs take no more of the line than the gateway's configuration lets them.")
def test_it_goes_no_faster_than_agreed(monkeypatch):
    now, pace = [1000.0], Pace(800)

    def wait(seconds):
        now[0] += seconds

    monkeypatch.setattr("edge.blobs.pace.time.monotonic", lambda: now[0])
    monkeypatch.setattr(pace._stop, "wait", wait)
    for _ in range(100):
        pace.step(10_000)
    assert now[0] == pytest.approx(1000.0 + 99 * 0.1)  # 100 kB in a second; the first step waits for nothing


def test_it_can_be_stopped_in_the_middle(cloud, file):
    line, ended = Line(lambda: trust.context(None), Pace(1)), threading.Event()

    def send():
        with contextlib.suppress(Away):
            line.append(cloud.url, "t", 0, file, MIB)
        ended.set()

    thread = threading.Thread(target=send)
    thread.start()
    while line._connection is None:
        time.sleep(0.01)
    line.close()
    assert ended.wait(5)
    thread.join()


@pytest.fixture
def papers(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here")
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    words += ["-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    subprocess.run(words, check=True, capture_output=True)
    return tmp_path


@pytest.mark.edge("EDGE-346", "Blobs go to a cloud that proves itself by the gateway's own roots, and to no other.")
def test_only_a_cloud_that_is_trusted_hears_anything(papers, file):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers / "cert.pem", papers / "key.pem")
    with serving(context) as cloud:
        stranger = Line(lambda: trust.context(None), Pace(0))
        with pytest.raises(Away, match="self-signed"):
            stranger.append(cloud.url, "secret", 0, file, 10)
        assert cloud.heard == []
        known = Line(lambda: trust.context(papers / "cert.pem"), Pace(0))
        assert known.append(cloud.url, "secret", 0, file, 10) == (5, False)
        known._drop()


PLACES = [
    ("https://cloud.example/b", "", True, "https://cloud.example/b"),
    ("/gateways/v1/blobs/aa", "https://cloud.example/", True, "https://cloud.example/gateways/v1/blobs/aa"),
    ("http://127.0.0.1/b", "", False, "http://127.0.0.1/b"),
]


@pytest.mark.parametrize(("said", "cloud", "secure", "whole"), PLACES)
def test_where_blobs_go(said, cloud, secure, whole):
    assert trust.place(said, cloud, secure=secure) == whole


@pytest.mark.parametrize(
    ("said", "secure"), [("http://cloud.example/b", True), ("/b", False), ("file:///b", False), ("", True)]
)
def test_where_they_do_not_go(said, secure):
    with pytest.raises(Away):
        trust.place(said, "", secure=secure)
